import { expect } from 'chai';
import fc from 'fast-check';
import {
  type SigningAlgorithm,
  type SigningKeys,
  type SigningKeysCommand,
  type SigningKeysEvent,
  type SigningKeysRejection,
  signingKeys,
} from '../../../src/domain/signingkeys/signing-keys.js';
import { type KeyId, tenantSecret } from '../../../src/domain/values.js';
import { agreesWithModel, type Model, type Timeless, type Verdict } from '../../support/model.js';

type Seen = readonly string[];

/** A key rack: on the hook, waiting, or in the drawer. */
class Rack implements Model<SigningKeysCommand, SigningKeysEvent, SigningKeysRejection, Seen> {
  private readonly places = new Map<string, { algorithm: SigningAlgorithm; place: string }>();

  run(command: SigningKeysCommand): Verdict<SigningKeysRejection> {
    const known = this.places.get(command.key);
    switch (command.type) {
      case 'AddSigningKey': {
        const { algorithm } = command;
        if (known) return ['accepted', 0];
        if (this.at('next', algorithm)) return ['next-key-exists', 0];
        const first = this.at('current', algorithm) === undefined;
        this.places.set(command.key, { algorithm, place: first ? 'current' : 'next' });
        return ['accepted', first ? 2 : 1];
      }
      case 'PromoteSigningKey': {
        if (!known || known.place === 'previous') return ['no-such-key', 0];
        if (known.place === 'current') return ['accepted', 0];
        const signing = this.at('current', known.algorithm);
        if (signing) signing.place = 'previous';
        known.place = 'current';
        return ['accepted', 1];
      }
      case 'RetireSigningKey':
        if (!known) return ['accepted', 0];
        if (known.place !== 'current') {
          this.places.delete(command.key);
          return ['accepted', 1];
        }
        const successor = this.at('next', known.algorithm);
        if (command.reason === 'rotated' || !successor) return ['key-in-use', 0];
        successor.place = 'current';
        this.places.delete(command.key);
        return ['accepted', 2];
    }
  }

  seen(): Seen {
    return [...this.places].map(([key, { algorithm, place }]) => `${key} ${algorithm} ${place}`).sort();
  }

  private at(place: string, algorithm: SigningAlgorithm) {
    return [...this.places.values()].find((one) => one.place === place && one.algorithm === algorithm);
  }
}

const key = fc.constantFrom(...['k1', 'k2', 'k3', 'k4', 'k5', 'k6'].map((id) => id as KeyId));
const commands: fc.Arbitrary<Timeless<SigningKeysCommand>> = fc.oneof(
  fc.tuple(key, fc.constantFrom<SigningAlgorithm>('ES256', 'ES256', 'RS256')).map(([id, algorithm]) => ({
    type: 'AddSigningKey' as const,
    key: id,
    algorithm,
    publicKey: { x: id },
    privateKey: tenantSecret(id, { d: id }),
  })),
  fc.record({ type: fc.constant('PromoteSigningKey' as const), key }),
  fc.record({
    type: fc.constant('RetireSigningKey' as const),
    key,
    reason: fc.constantFrom('rotated', 'compromised'),
  }),
);

describe('random signing keys', () => {
  agreesWithModel({
    shares: 2,
    aggregate: signingKeys,
    commands,
    model: () => new Rack(),
    seen: ({ keys }: SigningKeys): Seen =>
      keys.map(({ key: id, algorithm, status }) => `${id} ${algorithm} ${status}`).sort(),
    invariants: (before, { keys }) => {
      for (const status of ['current', 'next']) {
        const roles = keys.filter((one) => one.status === status).map(({ algorithm }) => algorithm);
        expect(new Set(roles).size, `one ${status} key per algorithm`).to.equal(roles.length);
      }
      for (const algorithm of new Set(before.keys.map((one) => one.algorithm))) {
        expect(keys.some((one) => one.algorithm === algorithm && one.status === 'current')).to.equal(true);
      }
    },
  });
});
