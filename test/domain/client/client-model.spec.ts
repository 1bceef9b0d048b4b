import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Client,
  type ClientCommand,
  type ClientEvent,
  type ClientRejection,
  client,
} from '../../../src/domain/client/client.js';
import { isConfidential, ownMetadata } from '../../../src/domain/client/metadata.js';
import { instant } from '../../../src/domain/values.js';
import { agreesWithModel, type Model, type Timeless, type Verdict } from '../../support/model.js';

const longAgo = instant(0);
const oneDay = instant(Date.UTC(2100, 0));

type Seen = { status: string; secret: string; endings: number };

/** An entry in a visitors' book: how it stands, and how often everything made for it has ended. */
class Entry implements Model<ClientCommand, ClientEvent, ClientRejection, Seen> {
  private status = 'none';
  private secret = '';
  private endings = 0;
  private confidential = false;
  private name = '';

  run(command: ClientCommand): Verdict<ClientRejection> {
    const here = this.status === 'enabled' || this.status === 'disabled';
    switch (command.type) {
      case 'RegisterClient':
        if (this.status !== 'none') return ['client-exists', 0];
        this.confidential = isConfidential(command.metadata);
        this.secret = command.secretDigest ?? '';
        this.name = command.name;
        this.become('enabled');
        return ['accepted', command.managementDigest === undefined ? 1 : 2];
      case 'DescribeClient': {
        if (!here) return ['no-such-client', 0];
        if (isConfidential(command.metadata) !== this.confidential) return ['client-kind-fixed', 0];
        const described = command.name === this.name ? 0 : 1;
        this.name = command.name;
        return ['accepted', described + (command.managementDigest === undefined ? 0 : 1)];
      }
      case 'RotateClientSecret':
        if (!here) return ['no-such-client', 0];
        if (!this.confidential) return ['client-not-confidential', 0];
        this.secret = command.secretDigest;
        if (command.keptUntil === longAgo) this.endings++;
        return ['accepted', 1];
      case 'DisableClient':
        return here ? this.become('disabled') : ['no-such-client', 0];
      case 'EnableClient':
        return here ? this.become('enabled') : ['no-such-client', 0];
      case 'RemoveClient':
        return this.status === 'none' ? ['no-such-client', 0] : this.become('removed');
    }
  }

  seen(): Seen {
    return { status: this.status, secret: this.status === 'removed' ? '' : this.secret, endings: this.endings };
  }

  private become(status: string): Verdict<ClientRejection> {
    if (this.status === status) return ['accepted', 0];
    this.status = status;
    if (status !== 'enabled') this.endings++;
    return ['accepted', 1];
  }
}

const digest = fc.constantFrom('d1', 'd2', 'd3');
const commands: fc.Arbitrary<Timeless<ClientCommand>> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('DisableClient', 'EnableClient') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('RotateClientSecret' as const),
      secretDigest: digest,
      keptUntil: fc.constantFrom(longAgo, oneDay),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'RegisterClient', name: 'App', metadata: ownMetadata(false) } as const) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('RegisterClient' as const),
      name: fc.constant('Shop'),
      metadata: fc.constant(ownMetadata(true)),
      secretDigest: digest,
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .record(
        { name: fc.constantFrom('Shop', 'App', 'Boutique'), confidential: fc.boolean(), managementDigest: digest },
        { requiredKeys: ['name', 'confidential'] },
      )
      .map(({ confidential, ...described }) => ({
        type: 'DescribeClient' as const,
        ...described,
        metadata: ownMetadata(confidential),
      })),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'RemoveClient' } as const) },
);

describe('random clients', () => {
  agreesWithModel({
    aggregate: client,
    commands,
    model: () => new Entry(),
    seen: (state: Client): Seen => ({
      status: state.status,
      secret: state.status === 'none' || state.status === 'removed' ? '' : (state.secretDigest ?? ''),
      endings: state.status === 'none' ? 0 : state.epoch,
    }),
    invariants: (before, next) => {
      if (before.status === 'removed') expect(next).to.deep.equal(before);
    },
  });
});
