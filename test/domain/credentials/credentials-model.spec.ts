import fc from 'fast-check';
import { credentials } from '../../../src/domain/credentials/credentials.js';
import type { CredentialsEvent } from '../../../src/domain/credentials/events.js';
import type { CredentialsRejection, PasswordCommand } from '../../../src/domain/credentials/password.js';
import type { Credentials } from '../../../src/domain/credentials/state.js';
import type { Verifier } from '../../../src/domain/credentials/verifier.js';
import { type CredentialId, secret, type UserId } from '../../../src/domain/values.js';
import { agreesWithModel, type Model, type Timeless, type Verdict } from '../../support/model.js';

type Seen = Readonly<{
  inUse: string;
  mustChange: boolean;
  former: readonly string[];
  dead: readonly string[];
  endings: number;
}>;

/** A drawer: the note in use on top, then former ones, and the bin for those that nobody needs. */
class Drawer implements Model<PasswordCommand, CredentialsEvent, CredentialsRejection, Seen> {
  private inUse = '';
  private mustChange = false;
  private readonly former: string[] = [];
  private readonly dead: string[] = [];
  private endings = 0;

  run(command: PasswordCommand): Verdict<CredentialsRejection> {
    switch (command.type) {
      case 'SetPassword':
        if (this.inUse !== '') return ['password-exists', 0];
        this.inUse = command.credential;
        return ['accepted', 1];
      case 'ChangePassword':
        if (this.inUse === '') return ['no-password', 0];
        if (!command.currentMatches) return ['wrong-password', 1];
        return this.replace(command.credential);
      case 'NoteFailedCheck':
        return this.inUse === '' ? ['no-password', 0] : ['wrong-password', 1];
      case 'ResetPassword':
        if (command.epoch !== this.endings) return ['proof-outdated', 0];
        return this.replace(command.credential);
      case 'RequestPasswordReset':
        return ['accepted', 1];
      case 'RehashPassword':
        if (this.inUse === '' || this.inUse !== command.replaces) return ['accepted', 0];
        this.dead.push(this.inUse);
        this.inUse = command.credential;
        return ['accepted', 1];
      case 'RequirePasswordChange': {
        if (this.inUse === '') return ['no-password', 0];
        const already = this.mustChange;
        this.mustChange = true;
        return ['accepted', already ? 0 : 1];
      }
      case 'RemovePassword':
        return this.inUse === '' ? ['accepted', 0] : this.replace('');
    }
  }

  seen(): Seen {
    const { inUse, mustChange, former, dead, endings } = this;
    return { inUse, mustChange, former: [...former], dead: [...dead], endings };
  }

  private replace(next: string): Verdict<CredentialsRejection> {
    if (this.inUse !== '') this.former.unshift(this.inUse);
    if (this.former.length > 24) this.dead.push(this.former.pop() as string);
    this.inUse = next;
    this.mustChange = false;
    this.endings++;
    return ['accepted', 1];
  }
}

const user = fc.constant('ada' as UserId);
const made = fc.nat(1_000_000).map((number) => {
  const credential = `c${number}` as CredentialId;
  return { credential, verifier: secret<Verifier>(credential, { phc: `$argon2id$${number}` }) };
});
const aboutUser = { user: 'ada' as UserId };

/** The epoch of the state that a reset is decided on. */
const current = 0;

/** A rehash replaces the password in use where it says `current`. */
const commands: fc.Arbitrary<Timeless<PasswordCommand>> = fc.oneof(
  {
    weight: 2,
    arbitrary: made.map((one) => ({ type: 'SetPassword', ...aboutUser, ...one, policyRevision: 1 }) as const),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(made, fc.constantFrom(true, true, true, false))
      .map(
        ([one, currentMatches]) =>
          ({ type: 'ChangePassword', ...aboutUser, ...one, policyRevision: 1, currentMatches }) as const,
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(made, fc.constantFrom(current, current, -1))
      .map(([one, epoch]) => ({ type: 'ResetPassword', ...aboutUser, ...one, policyRevision: 2, epoch }) as const),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(made, fc.constantFrom('current' as CredentialId, 'stale' as CredentialId))
      .map(([one, replaces]) => ({ type: 'RehashPassword', ...aboutUser, ...one, replaces }) as const),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('RequirePasswordChange' as const),
      user,
      reason: fc.constantFrom('administrator', 'compromised', 'policy'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constantFrom('RequestPasswordReset', 'RemovePassword', 'NoteFailedCheck'), user }),
  },
);

describe('random credentials', () => {
  agreesWithModel({
    shares: 2,
    aggregate: credentials,
    commands,
    aimed: (command, { password, epoch }) => {
      if (command.type === 'ResetPassword' && command.epoch === current) return { ...command, epoch };
      if (command.type !== 'RehashPassword' || command.replaces !== 'current' || !password) return command;
      return { ...command, replaces: password.credential };
    },
    model: () => new Drawer(),
    seen: ({ password, former, superseded, epoch }: Credentials): Seen => ({
      inUse: password?.credential ?? '',
      mustChange: password?.changeRequired ?? false,
      former: former.map(({ credential }) => credential),
      dead: superseded,
      endings: epoch,
    }),
  });
});
