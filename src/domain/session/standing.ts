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

/**
 * Revocation by comparison: a session is alive while nothing that it was made under has changed since. No list of tokens to walk, no
 * fan-out to race with.
 */
export function standing(facts: StandingFacts, at: Instant): Standing {
  const { tenant, user, session, grant, client } = facts;
  if (!session || session.status === 'none' || !user || !tenant || !grant) return 'no-such-session';
  if (facts.tokenRevoked) return 'token-revoked';
  if (facts.keyPublished === false) return 'key-retired';
  if (policyEnded(facts, at)) return 'policy-ended';
  if (tenant.status !== 'active') return 'tenant-not-active';
  if (user.status !== 'active') return 'user-not-active';
  if (client ? client.status !== 'enabled' : grant.client !== firstPartyClient) return 'client-not-enabled';
  if (session.status !== 'active' && !(grant.offline && session.status === 'signed-out')) return 'session-ended';
  if (grant.status !== 'active') return 'grant-revoked';
  if (at >= session.expiresAt && !grant.offline) return 'session-expired';
  if (grant.idleUntil !== undefined && at >= grant.idleUntil) return 'session-idle';
  if (grant.clientEpoch !== (client?.epoch ?? 0)) return 'superseded';
  const current = { tenant: tenant.epoch, user: user.epoch, credentials: facts.credentials?.epoch ?? 0 };
  return isCurrent(session.epochs, current) ? 'alive' : 'superseded';
}

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

/**
 * The same for a token with which a client acts for itself: it has neither person nor session, and stands on its own fact, on its tenant and
 * on its client. Which of the two applies is said by the token, never by what is missing.
 */
export function machineStanding(facts: StandingFacts, at: Instant): MachineStanding {
  const { tenant, client, token } = facts;
  if (token?.kind !== 'machine' || !tenant || !client) return 'no-such-token';
  if (facts.tokenRevoked) return 'token-revoked';
  if (facts.keyPublished === false) return 'key-retired';
  if (policyEnded(facts, at)) return 'policy-ended';
  if (tenant.status !== 'active') return 'tenant-not-active';
  if (client.status !== 'enabled') return 'client-not-enabled';
  if (at >= token.expiresAt) return 'token-expired';
  const { epochs } = token;

  return epochs.tenant === tenant.epoch && epochs.client === client.epoch ? 'alive' : 'superseded';
}

const policyEnded = ({ policy = 'open' }: StandingFacts, at: Instant): boolean =>
  policy !== 'open' && (policy === 'unknown' || at >= policy);

const isCurrent = (made: SessionEpochs, now: SessionEpochs): boolean =>
  made.tenant === now.tenant && made.user === now.user && made.credentials === now.credentials;
