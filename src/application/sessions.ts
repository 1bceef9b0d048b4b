import { firstPartyClient } from '../domain/client/client.js';
import { standardScopes } from '../domain/authorization/scopes.js';
import { credentials } from '../domain/credentials/credentials.js';
import { grant, isOffline } from '../domain/grant/grant.js';
import type { Epochs } from '../domain/session/epochs.js';
import { type Session, session, type SessionEnd } from '../domain/session/session.js';
import { standing } from '../domain/session/standing.js';
import { type Origin, signIn } from '../domain/signin/signin.js';
import { exists } from '../domain/user/state.js';
import { user } from '../domain/user/user.js';
import {
  type ClientId,
  type DeviceId,
  type GrantId,
  plusSeconds,
  reveal,
  type SessionId,
  type TenantId,
  trace,
  type UserId,
} from '../domain/values.js';
import type { AccessTokens } from './access-tokens.js';
import type { LogoutAnnouncements } from './backchannel-logout.js';
import { CommandRejected } from './command-rejected.js';
import type { CommandContext, Position } from './ports/event-log.js';
import type { HeldSession, NewGrant, NewSession, SignedIn } from './new-session.js';
import type { SecurityRows } from './ports/security-rows.js';
import type { RefreshTokens } from './refresh-tokens.js';
import type { Steps } from './steps.js';
import type { TenantPolicy } from './tenants.js';
import type { Transactor } from './transactor.js';

export type { HeldSession, NewGrant, NewSession, SignedIn } from './new-session.js';

export type ListedSession = Readonly<{ id: SessionId; state: Extract<Session, { status: 'active' }>; origin?: Origin }>;

/** The service's own pages and the tenant's own apps manage accounts, and administer where the person may. */
const firstPartyScope: readonly string[] = [
  // They end with the session.
  ...standardScopes.filter((one) => one !== 'offline_access'),
  'account',
  'administration',
];

/** Starts, lists and ends sessions. */
export class Sessions {
  constructor(
    private readonly transactor: Transactor,
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly rows: SecurityRows,
    private readonly announcements: LogoutAnnouncements,
    private readonly steps: Steps,
  ) {}

  /** The epochs as they are now; to be read before whatever the session rests on is decided. */
  async epochs(policy: TenantPolicy, owner: UserId, client: ClientId): Promise<Epochs> {
    const [account, proofs, clientRow] = await Promise.all([
      this.transactor.load(user, policy.id, owner),
      this.transactor.load(credentials, policy.id, owner),
      client === firstPartyClient ? undefined : this.rows.client(policy.id, client),
    ]);
    return {
      tenant: policy.epoch,
      user: exists(account.state) ? account.state.epoch : 0,
      credentials: proofs.state.epoch,
      client: clientRow?.epoch ?? 0,
    };
  }

  async start(context: CommandContext, policy: TenantPolicy, fresh: NewSession): Promise<SignedIn> {
    const { at } = context;
    const { session: limits } = policy.settings;
    const id = this.steps.id<SessionId>(context, 'session');
    const grantId = this.steps.id<GrantId>(context, 'grant');
    const { origin, ...rest } = fresh;
    const endsAt = plusSeconds(at, limits.absoluteSeconds);
    const started = this.transactor.transact(session, id, this.steps.of(context, 'session'), {
      type: 'StartSession',
      ...rest,
      session: id,
      origin: trace(at, origin),
      expiresAt: endsAt,
      at,
    });
    const { user: owner, client, epochs } = fresh;
    const given = { grant: grantId, user: owner, session: id, client, epochs, scope: firstPartyScope, endsAt };
    const [signedIn] = await Promise.all([this.give(context, policy, given), started]);
    return signedIn;
  }

  /**
   * What follows a proof in a browser. Where the same person proves themself again, the session goes on, with everything that applications
   * were given on it; only the browser's own grant is a new one. Anybody else's session ends here.
   */
  async enter(
    context: CommandContext,
    policy: TenantPolicy,
    fresh: NewSession,
    held: HeldSession | undefined,
  ): Promise<SignedIn> {
    if (!held) return this.start(context, policy, fresh);
    const { state } = await this.transactor.load(session, context.tenant, held.session);
    const { user: owner, factors, attempt, client, epochs } = fresh;
    if (state.status !== 'active' || state.user !== owner || !isSame(state.epochs, epochs)) {
      await this.end(this.steps.of(context, 'supersede'), held.user, held.session, 'superseded');
      return this.start(context, policy, fresh);
    }
    await this.transactor.transact(session, held.session, this.steps.of(context, 'session'), {
      type: 'ReauthenticateSession',
      user: owner,
      session: held.session,
      ...(attempt !== undefined && { attempt }),
      factors,
      at: context.at,
    });
    const grantId = this.steps.id<GrantId>(context, 'grant');
    const given = { grant: grantId, user: owner, session: held.session, client, epochs, scope: firstPartyScope };
    const signedIn = await this.give(context, policy, { ...given, endsAt: state.expiresAt });
    const replaced = this.steps.of(context, 'replace-grant');
    await this.transactor.transact(grant, held.grant, replaced, {
      type: 'RevokeGrant',
      reason: 'superseded',
      at: context.at,
    });
    return signedIn;
  }

  /** A grant on a session, with its first tokens. @throws CommandRejected grant-exists */
  async give(
    context: CommandContext,
    policy: TenantPolicy,
    {
      grant: id,
      user: owner,
      session: of,
      client,
      scope,
      claims = [],
      resources = [],
      epochs,
      boundTo,
      endsAt,
    }: NewGrant,
  ): Promise<SignedIn> {
    const { at, tenant } = context;
    const { session: limits, tokens } = policy.settings;
    const absolute = plusSeconds(at, tokens.refreshAbsoluteSeconds);
    const offline = isOffline({ scope });
    const given = this.transactor.transact(grant, id, this.steps.of(context, 'grant'), {
      type: 'GiveGrant',
      user: owner,
      session: of,
      client,
      scope,
      claims,
      resources,
      epochs,
      ...(boundTo !== undefined && { boundTo }),
      idleSeconds: offline ? tokens.refreshIdleSeconds : Math.min(limits.idleSeconds, tokens.refreshIdleSeconds),
      graceSeconds: tokens.refreshGraceSeconds,
      expiresAt: offline || absolute < endsAt ? absolute : endsAt,
      at,
    });
    const bound = boundTo !== undefined && { boundTo };
    const subject = {
      user: owner,
      session: of,
      grant: id,
      client,
      token: this.steps.id<string>(context, 'token'),
      ...bound,
    };
    // Tokens may be made meanwhile: they leave the house only when what they stand on is recorded.
    const [{ position }, { accessToken, expiresIn }, refreshToken] = await Promise.all([
      given,
      this.accessTokens.issue(context, policy, subject, scope),
      this.refreshTokens.make(tenant, { grant: id, generation: 1 }),
    ]);
    return {
      accessToken,
      refreshToken,
      expiresIn,
      scope,
      session: of,
      grant: id,
      user: owner,
      position: position as Position,
    };
  }

  /** The device on which a session was started. */
  async deviceOf(tenant: TenantId, id: SessionId | undefined): Promise<DeviceId | undefined> {
    if (id === undefined) return undefined;
    const { state } = await this.transactor.load(session, tenant, id);
    return state.status === 'none' ? undefined : state.device;
  }

  /** The sessions of a person that are alive, newest first. One whose sign-in never came to its end has no tokens, and is none. */
  async list(context: CommandContext, owner: UserId): Promise<readonly ListedSession[]> {
    const { tenant, at } = context;
    const found: ListedSession[] = [];
    for (const id of await this.rows.sessionsOf(tenant, owner)) {
      const { state } = await this.transactor.load(session, tenant, id);
      if (state.status !== 'active' || state.user !== owner) continue;
      if (!(await this.#alive(tenant, id, state, at)) || !(await this.#opened(tenant, state))) continue;
      const origin = reveal(state.origin);
      found.push({ id, state, ...(origin && { origin }) });
    }
    return found;
  }

  /**
   * Ends a session with its grants; who only signs out keeps what was given for when they are away.
   * @throws CommandRejected no-such-session, also where it is another person's
   */
  async end(context: CommandContext, owner: UserId, id: SessionId, reason: SessionEnd): Promise<Position | undefined> {
    const { tenant, at } = context;
    const { state } = await this.transactor.load(session, tenant, id);
    // Nobody's clients hear of what a stranger asks for.
    if (state.status === 'active' && state.user === owner) await this.announcements.announce(context, owner, id);
    const ended = await this.transactor.transact(session, id, this.steps.of(context, `end:${id}`), {
      type: 'EndSession',
      user: owner,
      reason,
      at,
    });
    const keepsOffline = reason === 'signed-out' || reason === 'superseded';
    for (const grantId of await this.rows.grantsOf(tenant, id)) {
      const given = keepsOffline ? (await this.rows.grant(tenant, grantId)).grant : undefined;
      if (given && isOffline(given)) continue;
      const step = this.steps.of(context, `revoke:${grantId}`);
      await this.transactor.transact(grant, grantId, step, { type: 'RevokeGrant', reason: 'signed-out', at });
    }
    return ended.position;
  }

  /** Ends all sessions of a person, or all but one. */
  async endAll(context: CommandContext, owner: UserId, except?: SessionId): Promise<Position | undefined> {
    if (except === undefined) {
      for (const id of await this.rows.sessionsOf(context.tenant, owner)) {
        await this.announcements.announce(context, owner, id);
      }
      const step = this.steps.of(context, 'revoke-all');
      const raised = await this.transactor.transact(user, owner, step, {
        type: 'RevokeSessions',
        user: owner,
        at: context.at,
      });
      return raised.position;
    }
    let position: Position | undefined;
    const ended = new Set<SessionId>([except]);
    // The rows name the newest only; those behind them come up once these are over.
    for (;;) {
      const left = (await this.rows.sessionsOf(context.tenant, owner)).filter((id) => !ended.has(id));
      if (left.length === 0) return position;
      for (const id of left) {
        position = await this.end(context, owner, id, 'revoked');
        ended.add(id);
      }
    }
  }

  /** Whether the outcome of the sign-in stands, which is recorded last, before anybody gets the tokens. */
  async #opened(tenant: TenantId, { attempt }: ListedSession['state']): Promise<boolean> {
    if (attempt === undefined) return true;
    const { state } = await this.transactor.load(signIn, tenant, attempt);
    return state.status === 'recorded';
  }

  async #alive(
    tenant: TenantId,
    id: SessionId,
    state: ListedSession['state'],
    at: CommandContext['at'],
  ): Promise<boolean> {
    for (const grantId of await this.rows.grantsOf(tenant, id)) {
      const { facts } = await this.rows.grant(tenant, grantId);
      if (facts.session?.user === state.user && standing(facts, at) === 'alive') return true;
    }
    return false;
  }
}

const isSame = (left: Epochs, right: Epochs): boolean =>
  left.tenant === right.tenant && left.user === right.user && left.credentials === right.credentials;

/**
 * The epoch of a client that signs people in with a form of its own: one of the tenant's, since what it is given is everything that the person
 * may do. Others send people to the authorization endpoint, where they are asked. @throws CommandRejected unknown-client
 */
export async function requireClient(rows: SecurityRows, tenant: TenantId, client: ClientId): Promise<number> {
  if (client === firstPartyClient) return 0;
  const row = await rows.client(tenant, client);
  if (row?.status !== 'enabled' || !row.metadata?.firstParty) throw new CommandRejected('unknown-client');
  return row.epoch;
}
