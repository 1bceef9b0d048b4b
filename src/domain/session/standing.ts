import { firstPartyClient } from '../client/client.js';
import type { TokenKind } from '../token/token.js';
import type { Instant } from '../values.js';
import type { Epochs } from './epochs.js';

/** What a session stands on; the client's epoch is the grant's affair. */
type SessionEpochs = Omit<Epochs, 'client'>;

/** The rows, as they stand now, that a token's worth depends on. A missing row counts as dead. */
export type StandingFacts = Readonly<{
  tenant?: Readonly<{ status: string; epoch: number }>;
  user?: Readonly<{ status: string; epoch: number }>;
  credentials?: Readonly<{ epoch: number }>;
  /** The service's own client has no row; for any other a missing one counts as dead, too. */
  client?: Readonly<{ status: string; epoch: number }>;
  session?: Readonly<{ status: string; user: string; epochs: SessionEpochs; expiresAt: Instant }>;
  /** One session may carry grants of several clients. The newest refresh keeps a grant from going idle. */
  grant?: Readonly<{
    status: string;
    session: string;
    client: string;
    clientEpoch: number;
    idleUntil?: Instant;
    /** It was given for when the person is away (OpenID Connect Core 1.0 section 11): neither signing out nor time ends it with the session. */
    offline?: boolean;
  }>;
  /** Whether the tenant still stands by the key that signed; `undefined` where nothing was signed. */
  keyPublished?: boolean;
  tokenRevoked: boolean;
  /** When what was made under the token's policy version ends, `open` where nothing is set, `unknown` where there is no such version. */
  policy?: Instant | 'open' | 'unknown';
  /** The fact that a token stands on, where it has one of its own. */
  token?: Readonly<{
    kind: TokenKind;
    client: string;
    epochs: Readonly<{ tenant: number; client?: number }>;
    expiresAt: Instant;
  }>;
}>;

export type Standing =
  | 'alive'
  | 'no-such-session'
  | 'token-revoked'
  | 'key-retired'
  | 'policy-ended'
  | 'session-ended'
  | 'session-expired'
  | 'session-idle'
  | 'grant-revoked'
  | 'tenant-not-active'
  | 'user-not-active'
  | 'client-not-enabled'
  | 'superseded';

export type MachineStanding =
  | Extract<
      Standing,
      | 'alive'
      | 'token-revoked'
      | 'key-retired'
      | 'policy-ended'
      | 'tenant-not-active'
      | 'client-not-enabled'
      | 'superseded'
    >
  | 'no-such-token'
  | 'token-expired';

export type Complaint = Exclude<Standing | MachineStanding, 'alive'>;

type Rule<Name extends Complaint> = readonly [Name, (facts: StandingFacts, at: Instant) => boolean];

const signed: Rule<'key-retired'> = ['key-retired', ({ keyPublished }) => keyPublished === false];
const kept: Rule<'policy-ended'> = [
  'policy-ended',
  ({ policy = 'open' }, at) => policy !== 'open' && (policy === 'unknown' || at >= policy),
];
const revoked: Rule<'token-revoked'> = ['token-revoked', ({ tokenRevoked }) => tokenRevoked];
const tenanted: Rule<'tenant-not-active'> = ['tenant-not-active', ({ tenant }) => tenant?.status !== 'active'];

/** What there may be to say against a session with a grant, the first thing first. A missing row is something, each time. */
const ofPeople: readonly Rule<Exclude<Standing, 'alive'>>[] = [
  [
    'no-such-session',
    ({ session, user, tenant, grant }) => !session || session.status === 'none' || !user || !tenant || !grant,
  ],
  revoked,
  signed,
  kept,
  tenanted,
  ['user-not-active', ({ user }) => user?.status !== 'active'],
  [
    'client-not-enabled',
    ({ client, grant }) => (client ? client.status !== 'enabled' : grant?.client !== firstPartyClient),
  ],
  [
    'session-ended',
    ({ session, grant }) =>
      session?.status !== 'active' && !(grant?.offline === true && session?.status === 'signed-out'),
  ],
  ['grant-revoked', ({ grant }) => grant?.status !== 'active'],
  ['session-expired', ({ session, grant }, at) => !session || (at >= session.expiresAt && grant?.offline !== true)],
  ['session-idle', ({ grant }, at) => grant?.idleUntil !== undefined && at >= grant.idleUntil],
  // The epochs of one that was revoked are not known any more.
  ['superseded', ({ grant, client }) => grant?.status === 'active' && grant.clientEpoch !== (client?.epoch ?? 0)],
  [
    'superseded',
    ({ tenant, user, credentials, session }) => {
      const made = session?.epochs;
      return (
        made?.tenant !== tenant?.epoch || made?.user !== user?.epoch || made?.credentials !== (credentials?.epoch ?? 0)
      );
    },
  ],
];

/**
 * The same for a token with which a client acts for itself: it has neither person nor session, and stands on its own fact, on its tenant and
 * on its client. Which of the two applies is said by the token, never by what is missing.
 */
const ofMachines: readonly Rule<Exclude<MachineStanding, 'alive'>>[] = [
  ['no-such-token', ({ token, tenant, client }) => token?.kind !== 'machine' || !tenant || !client],
  revoked,
  signed,
  kept,
  tenanted,
  ['client-not-enabled', ({ client }) => client?.status !== 'enabled'],
  ['token-expired', ({ token }, at) => !token || at >= token.expiresAt],
  [
    'superseded',
    ({ token, tenant, client }) => token?.epochs.tenant !== tenant?.epoch || token?.epochs.client !== client?.epoch,
  ],
];

/**
 * Revocation by comparison: a session is alive while nothing that it was made under has changed since. No list of tokens to walk, no
 * fan-out to race with.
 */
export const standing = (facts: StandingFacts, at: Instant): Standing =>
  ofPeople.find(([, applies]) => applies(facts, at))?.[0] ?? 'alive';

export const machineStanding = (facts: StandingFacts, at: Instant): MachineStanding =>
  ofMachines.find(([, applies]) => applies(facts, at))?.[0] ?? 'alive';

/** Everything that there is to say against it. */
export const complaints = (kind: TokenKind, facts: StandingFacts, at: Instant): readonly Complaint[] => [
  ...new Set(
    (kind === 'person' ? ofPeople : ofMachines).filter(([, applies]) => applies(facts, at)).map(([name]) => name),
  ),
];
