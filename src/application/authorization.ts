import { type Interaction, interaction } from '../domain/authorization/interaction.js';
import type { Authorized } from '../domain/authorization/authorized.js';
import { askedFor, type AuthorizationRequest } from '../domain/authorization/request.js';
import type { AuthorizationCodes } from './authorization-codes.js';
import type { BrowserSession, BrowserSessions } from './browser-sessions.js';
import { CommandRejected } from './command-rejected.js';
import type { Consents } from './consents.js';
import type { DeviceCodes } from './ports/device-codes.js';
import type { CommandContext } from './ports/event-log.js';
import type { PushedRequests } from './pushed-requests.js';
import type { SecurityRows } from './ports/security-rows.js';

/** The browser that brought a request, and what the person before it has just now said. */
export type Browser = Readonly<{ cookie?: string; accountChosen: boolean; agreed: boolean }>;

/** What follows: another page, an error for the client, or a code for it. */
export type Authorization =
  | (Exclude<Interaction, { granted: unknown }> & Readonly<{ session?: BrowserSession }>)
  | Readonly<{ code: string }>
  /** A device gets it (RFC 8628). */
  | Readonly<{ device: 'approved' }>;

/** Answers authorization requests (RFC 6749 section 4.1, OpenID Connect Core 1.0 section 3.1.2). */
export class Authorizations {
  constructor(
    private readonly browserSessions: BrowserSessions,
    private readonly consents: Consents,
    private readonly codes: AuthorizationCodes,
    private readonly pushed: PushedRequests,
    private readonly deviceCodes: DeviceCodes,
    private readonly rows: SecurityRows,
  ) {}

  /** @throws CommandRejected unknown-client */
  async answer(context: CommandContext, request: AuthorizationRequest, browser: Browser): Promise<Authorization> {
    const { tenant, at } = context;
    const { client } = request;
    const [session, row] = await Promise.all([
      this.browserSessions.read(tenant, browser.cookie, at),
      this.rows.client(tenant, client),
    ]);
    if (row?.status !== 'enabled' || !row.metadata) throw new CommandRejected('unknown-client');
    const granted = session ? await this.consents.granted(tenant, session.user, client) : [];
    const present = {
      ...(session && { session }),
      accountChosen: browser.accountChosen,
      granted,
      agreed: browser.agreed,
      firstParty: row.metadata.firstParty,
    };
    const verdict = interaction(request, present, at);
    if (!('granted' in verdict)) return { ...verdict, ...(session && { session }) };
    if (!session) throw new TypeError('granted to nobody');
    if (request.pushed !== undefined && !(await this.pushed.spend(context, request.pushed))) {
      return { refused: { error: 'invalid_request_uri', description: 'The pushed request was answered before.' } };
    }
    await this.browserSessions.used(context, session);
    if (browser.agreed) await this.consents.give(context, session.user, client, askedFor(request));
    const authorized = authorizedBy(session, request);
    if (request.device === undefined) return { code: await this.codes.issue(context, authorized) };
    const decided = await this.deviceCodes.decide(tenant, request.device, authorized, at);
    return decided ? { device: 'approved' } : { refused: { error: 'access_denied', description: 'It ended before.' } };
  }

  /** The person does not agree; a device that asked hears of it. */
  async deny({ tenant, at }: CommandContext, { device }: AuthorizationRequest): Promise<void> {
    if (device !== undefined) await this.deviceCodes.decide(tenant, device, 'denied', at);
  }
}

function authorizedBy(session: BrowserSession, request: AuthorizationRequest): Authorized {
  const { client, redirectUri, redirectUriNamed, codeChallenge, scope, nonce, boundTo, claims } = request;
  const { user, session: of, grant, authenticatedAt, factors } = session;
  return {
    client,
    user,
    session: of,
    browser: grant,
    ...(redirectUriNamed && { redirectUri }),
    ...(codeChallenge !== undefined && { codeChallenge }),
    scope,
    ...(claims && { claims: { userinfo: claims.userinfo, idToken: claims.idToken } }),
    ...(nonce !== undefined && { nonce }),
    ...(boundTo !== undefined && { boundTo }),
    authenticatedAt,
    factors,
  };
}
