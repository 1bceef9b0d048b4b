import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { BrowserSession } from '../../application/browser-sessions.js';
import type { CommandContext } from '../../application/ports/event-log.js';
import { empty, text } from '../answer/responses.js';
import { authorizationRefusedSheet } from '../pages/authorization-refused-sheet.js';
import { pageType } from '../pages/layout.js';
import { seeOther, shown, shownAsDead } from '../pages/page-answers.js';
import { formRow, OnceForm, pageRow } from '../pages/page-rows.js';
import { noSessionCookie, presentedSession } from '../pages/session-cookie.js';
import { signedOutSheet, signOutSheet } from '../pages/sign-out-sheets.js';
import { siteOf, type Visit } from '../pages/site.js';
import { accepts, route, type Route, type RouteRequest } from '../route.js';
import type { Services } from '../services.js';
import { addressWith, formTarget } from './authorization-answer.js';
import { given } from './authorization-parameters.js';
import { checkedLogout, LogoutParameters, logoutRefusals, type LogoutRequest } from './logout-request.js';

type Needed = Pick<Services, 'browserSessions' | 'idTokenHints' | 'origin' | 'securityRows' | 'sessions' | 'tenants'>;
type Arrived = RouteRequest<'/t/:tenant/oauth2/logout', 'public', LogoutParameters, LogoutParameters>;

/** What the person has confirmed; it is checked once more. */
export class SignOutForm extends OnceForm {
  @IsOptional() @IsString() @MaxLength(64) client_id?: string;
  @IsOptional() @IsString() @MaxLength(2_048) post_logout_redirect_uri?: string;
  @IsOptional() @IsString() @MaxLength(4_096) state?: string;
}

const row = {
  tag: 'oauth',
  access: 'public',
  rateLimit: 'protocol',
  otherParameters: 'ignored',
  responses: {
    200: text(pageType, 'The person is asked.', '<!doctype html>'),
    303: empty('To the page that says so, or back to the client.'),
    400: text(pageType, 'The request is not one of a client of this tenant.', '<!doctype html>'),
  },
} as const;

const held = ({ browserSessions, origin }: Needed, { tenant, at }: CommandContext, { header }: Visit) =>
  browserSessions.read(tenant, presentedSession(origin, header('cookie')), at);

/**
 * Ends the session and sends the browser on. Its cookie ends where it was shown and led there: what another site's form makes the browser ask,
 * without it, takes nothing from whoever is signed in.
 */
async function signedOut(
  { sessions, origin }: Needed,
  command: CommandContext,
  { tenant }: Visit,
  { redirectUri, state }: LogoutRequest,
  session: Pick<BrowserSession, 'user' | 'session'> | undefined,
  isShown = session !== undefined,
) {
  if (session) await sessions.end(command, session.user, session.session, 'signed-out');
  const next =
    redirectUri === undefined
      ? `/t/${tenant.slug}/signed-out`
      : addressWith(redirectUri, state === undefined ? {} : { state });
  return seeOther(next, isShown ? [noSessionCookie(origin, tenant)] : []);
}

/**
 * "the OP MUST ask the End-User whether to log out of the OP … if the id_token_hint … does not match the current session" (RP-Initiated
 * Logout 1.0 section 2): only an ID token of the very person says that it is their application that asks.
 */
const logout = (services: Needed, read: (request: Arrived) => LogoutParameters) => async (request: Arrived) => {
  const { tenant, context } = request;
  const parameters = given(read(request));
  const checked = await checkedLogout(services, tenant, parameters);
  const site = await siteOf(services.tenants, request, (parameters.ui_locales ?? '').split(' '));
  if ('refused' in checked) {
    return shownAsDead(site, authorizationRefusedSheet(site, logoutRefusals[checked.refused]));
  }
  const session = await held(services, context, request);
  const { client, hint, redirectUri, state } = checked;
  // A form of another site brings no cookie (RFC 6265bis section 5.6.7.1): then the ID token alone says which session it is.
  if (hint && (!session || hint.user === session.user)) {
    return signedOut(services, context, request, checked, session ?? hint, session !== undefined);
  }
  if (!session) return signedOut(services, context, request, {}, undefined);
  const targets = redirectUri === undefined ? [] : [formTarget(redirectUri)];
  const hidden = {
    once: context.commandId,
    ...(client !== undefined && { client_id: client }),
    ...(redirectUri !== undefined && { post_logout_redirect_uri: redirectUri }),
    ...(state !== undefined && { state }),
  };
  return shown({ ...site, formTargets: targets }, signOutSheet(site, hidden));
};

/** OpenID Connect RP-Initiated Logout 1.0. */
export const logoutRoutes: readonly Route<Needed>[] = [
  route({
    ...row,
    id: 'logout',
    method: 'get',
    path: '/t/:tenant/oauth2/logout',
    summary: 'Sign the person out (OpenID Connect RP-Initiated Logout 1.0)',
    description: 'Browsers are sent here. Without an ID token of the person who is signed in, they are asked.',
    query: LogoutParameters,
    handler: (services: Needed) => logout(services, ({ query }) => query),
  }),
  route({
    ...row,
    id: 'logoutByForm',
    method: 'post',
    path: '/t/:tenant/oauth2/logout',
    summary: 'Sign the person out, by a form',
    body: accepts(
      LogoutParameters,
      { client_id: '0199b000-0000-5000-8000-00000000000c' },
      { mediaType: 'application/x-www-form-urlencoded' },
    ),
    handler: (services: Needed) => logout(services, ({ body }) => body),
  }),
  formRow({
    id: 'signOutByForm',
    path: '/t/:tenant/sign-out',
    summary: 'Sign out, as the person said',
    rateLimit: 'protocol',
    form: SignOutForm,
    example: {},
    take: (services: Needed) => async (visit, command) => {
      const checked = await checkedLogout(services, visit.tenant, given(visit.body));
      const site = await siteOf(services.tenants, visit);
      if ('refused' in checked) {
        return shownAsDead(site, authorizationRefusedSheet(site, logoutRefusals[checked.refused]));
      }
      return signedOut(services, command, visit, checked, await held(services, visit.context, visit));
    },
  }),
  pageRow({
    id: 'signedOutPage',
    path: '/t/:tenant/signed-out',
    summary: 'Say that nobody is signed in any more',
    show: (services: Needed) => async (visit) => {
      const site = await siteOf(services.tenants, visit);
      return shown(site, signedOutSheet(site));
    },
  }),
];
