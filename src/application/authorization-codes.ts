import type { Authorized } from '../domain/authorization/authorized.js';
import { grant } from '../domain/grant/grant.js';
import { standing } from '../domain/session/standing.js';
import { session } from '../domain/session/session.js';
import { type ClientId, type GrantId, plusSeconds, type UserId } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { Digests } from './ports/digests.js';
import type { Entropy } from './ports/entropy.js';
import type { CommandContext } from './ports/event-log.js';
import type { SecurityRows } from './ports/security-rows.js';
import type { SingleUse } from './ports/single-use.js';
import type { Sessions, SignedIn } from './sessions.js';
import type { Steps } from './steps.js';
import type { TenantPolicy, Tenants } from './tenants.js';
import type { Transactor } from './transactor.js';

/** What a client presents with a code (RFC 6749 section 4.1.3, RFC 7636 section 4.5). */
export type Redemption = Readonly<{ code: string; redirectUri?: string; codeVerifier?: string; boundTo?: string }>;

export type Redeemed = SignedIn & Readonly<{ authorized: Authorized }>;

/** Seconds; "a maximum lifetime of 10 minutes is RECOMMENDED" (RFC 6749 section 4.1.2), FAPI 2.0 allows one. */
export const codeSeconds = 60;

const form = /^annal_ac_([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.[0-9A-Za-z]{43}$/;

/**
 * Authorization codes: `annal_ac_<grant>.<256 bits>`. The code names the grant that it will be redeemed for, so that whoever presents it a
 * second time ends that grant, whether or not it has come into being yet.
 */
export class AuthorizationCodes {
  constructor(
    private readonly transactor: Transactor,
    private readonly tenants: Tenants,
    private readonly sessions: Sessions,
    private readonly singleUse: SingleUse,
    private readonly rows: SecurityRows,
    private readonly digests: Digests,
    private readonly entropy: Entropy,
    private readonly steps: Steps,
  ) {}

  async issue(context: CommandContext, authorized: Authorized): Promise<string> {
    const { tenant, at, commandId } = context;
    const code = `annal_ac_${this.entropy.uuid()}.${this.entropy.token(256)}`;
    await this.singleUse.put({
      tenant,
      kind: 'authorization-code',
      subject: authorized.user,
      payload: { authorized },
      sealedFor: 'person',
      token: code,
      keepOlder: true,
      expiresAt: plusSeconds(at, codeSeconds),
      at,
      eventId: this.entropy.derived(commandId, code),
    });
    return code;
  }

  /**
   * "The authorization code MUST be bound to the client identifier, code challenge, and redirect URI", and it is spent by whoever presents
   * it, with whatever else. @throws CommandRejected invalid-grant
   */
  async redeem(context: CommandContext, client: ClientId, redemption: Redemption): Promise<Redeemed> {
    const { tenant, at } = context;
    const grantId = form.exec(redemption.code)?.[1] as GrantId | undefined;
    if (grantId === undefined) throw new CommandRejected('invalid-grant');
    const presented = {
      tenant,
      kind: 'authorization-code',
      token: redemption.code,
      commandId: context.commandId,
      at,
    } as const;
    const consumed = await this.singleUse.consume(presented);
    if (!consumed.consumed) {
      if (consumed.refusal === 'token-used') await this.#forestall(context, grantId, consumed.subject as UserId);
      throw new CommandRejected('invalid-grant');
    }
    const { authorized } = consumed.payload;
    if (!authorized || !this.#isBound(authorized, client, redemption)) throw new CommandRejected('invalid-grant');

    return this.give(context, grantId, authorized, redemption.boundTo);
  }

  /** The grant that was authorized, unless anything that it stands on has changed. @throws CommandRejected invalid-grant */
  async give(context: CommandContext, grantId: GrantId, authorized: Authorized, boundTo?: string): Promise<Redeemed> {
    const policy = await this.tenants.activePolicy(context.tenant);
    return { ...(await this.#given(context, policy, grantId, authorized, boundTo)), authorized };
  }

  #isBound(authorized: Authorized, client: ClientId, { redirectUri, codeVerifier, boundTo }: Redemption): boolean {
    const { codeChallenge } = authorized;
    if (authorized.client !== client) return false;
    // "if the 'redirect_uri' parameter was included in the authorization request … their values MUST be identical" (RFC 6749 section 4.1.3)
    if (authorized.redirectUri !== undefined && authorized.redirectUri !== redirectUri) return false;
    // RFC 9449 section 10: nobody but whoever has the key that the request named.
    if (authorized.boundTo !== undefined && authorized.boundTo !== boundTo) return false;
    // A verifier without a challenge is a downgrade (RFC 9700 section 2.1.1).
    if (codeChallenge === undefined || codeVerifier === undefined) return codeChallenge === codeVerifier;
    return this.digests.sha256(codeVerifier) === codeChallenge;
  }

  async #given(
    context: CommandContext,
    policy: TenantPolicy,
    grantId: GrantId,
    { client, user: owner, session: sessionId, browser, scope, claims }: Authorized,
    boundTo: string | undefined,
  ): Promise<SignedIn> {
    const { tenant, at } = context;
    const [{ facts }, row, { state }] = await Promise.all([
      this.rows.grant(tenant, browser),
      this.rows.client(tenant, client),
      this.transactor.load(session, tenant, sessionId),
    ]);
    // Whoever was signed out or locked out since gets nothing for the code any more.
    if (standing(facts, at) !== 'alive' || state.status !== 'active' || row?.status !== 'enabled') {
      throw new CommandRejected('invalid-grant');
    }
    const epochs = { ...state.epochs, client: row.epoch };
    return this.sessions
      .give(context, policy, {
        grant: grantId,
        user: owner,
        session: sessionId,
        client,
        scope,
        claims: claims?.userinfo ?? [],
        epochs,
        ...(boundTo !== undefined && { boundTo }),
        endsAt: state.expiresAt,
      })
      .catch((error: unknown) => {
        throw error instanceof CommandRejected ? new CommandRejected('invalid-grant') : error;
      });
  }

  /** "If an authorization code is used more than once, the authorization server MUST deny the request and SHOULD revoke all tokens" (RFC 6749 section 4.1.2). */
  async #forestall(context: CommandContext, grantId: GrantId, owner: UserId): Promise<void> {
    await this.transactor.transact(grant, grantId, this.steps.of(context, 'forestall'), {
      type: 'ForestallGrant',
      user: owner,
      at: context.at,
    });
  }
}
