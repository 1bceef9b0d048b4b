import { grant } from '../domain/grant/grant.js';
import { standing } from '../domain/session/standing.js';
import type { ClientId, SessionId, UserId } from '../domain/values.js';
import type { AccessTokens } from './access-tokens.js';
import { CommandRejected } from './command-rejected.js';
import type { CommandContext, Position } from './ports/event-log.js';
import type { SecurityRows } from './ports/security-rows.js';
import type { RefreshTokens } from './refresh-tokens.js';
import type { Sessions, SignedIn } from './sessions.js';
import type { Steps } from './steps.js';
import type { Tenants } from './tenants.js';
import type { Transactor } from './transactor.js';

/** Trades a refresh token for the next one and a new access token (RFC 6749 section 6, RFC 9700 section 4.14). */
export class TokenRefresh {
  constructor(
    private readonly transactor: Transactor,
    private readonly tenants: Tenants,
    private readonly sessions: Sessions,
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly rows: SecurityRows,
    private readonly steps: Steps,
  ) {}

  /**
   * A token that was traded before ends the whole family, unless the tenant allows a moment of grace.
   * @throws CommandRejected invalid-grant, invalid-scope
   */
  async refresh(
    context: CommandContext,
    client: ClientId,
    token: string,
    wanted: readonly string[] | undefined,
    boundTo?: string,
  ): Promise<SignedIn> {
    const { tenant, at } = context;
    const presented = await this.refreshTokens.read(tenant, token);
    if (!presented) throw new CommandRejected('invalid-grant');
    const { generation } = presented;
    const [policy, { state: before }, { facts }, recipe] = await Promise.all([
      this.tenants.activePolicy(tenant),
      this.transactor.load(grant, tenant, presented.grant),
      this.rows.grant(tenant, presented.grant),
      this.accessTokens.recipe(context, client),
    ]);
    if (before.status !== 'active') throw new CommandRejected('invalid-grant');
    const bound = boundTo !== undefined && { boundTo };
    const subject = {
      user: before.user,
      session: before.session,
      grant: presented.grant,
      client,
      token: this.steps.id<string>(context, 'token'),
      ...bound,
    };
    if (before.client === client && standing(facts, at) !== 'alive') throw new CommandRejected('invalid-grant');

    const scope = wanted ?? before.scope;
    const refreshing = this.transactor.transact(grant, presented.grant, context, {
      type: 'RefreshGrant',
      client,
      generation,
      ...bound,
      ...(wanted && { scope: wanted }),
      at,
    });
    // Tokens may be made meanwhile: they leave the house only when the refresh was accepted and recorded.
    const [{ state, position }, { accessToken, expiresIn }, refreshToken] = await Promise.all([
      refreshing.catch((error: unknown) => this.#refused(context, before, error)),
      this.accessTokens.issue(context, policy, subject, scope, recipe),
      // A retry in the moment of grace gets the successor again, never one of its own.
      this.refreshTokens.make(tenant, { grant: presented.grant, generation: generation + 1 }),
    ]);
    if (state.status !== 'active') throw new CommandRejected('invalid-grant');
    return {
      accessToken,
      refreshToken,
      expiresIn,
      scope,
      session: state.session,
      grant: presented.grant,
      user: state.user,
      position: position as Position,
    };
  }

  async #refused(context: CommandContext, { user, session }: Owned, error: unknown): Promise<never> {
    if (!(error instanceof CommandRejected)) throw error;
    if (error.code === 'scope-too-wide') throw new CommandRejected('invalid-scope', error.details);
    // Tidying: the family is dead already.
    if (error.code === 'refresh-token-reused') {
      await this.sessions.end(this.steps.of(context, 'reuse'), user, session, 'refresh-token-reuse');
    }
    throw new CommandRejected('invalid-grant', error.details);
  }
}

type Owned = Readonly<{ user: UserId; session: SessionId }>;
