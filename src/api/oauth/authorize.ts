import type { ClientId } from '../../domain/values.js';
import { IsString, MaxLength } from 'class-validator';
import type { TenantRef } from '../access/tenants.js';
import { empty, text } from '../answer/responses.js';
import { pageType } from '../pages/layout.js';
import { presentedSession } from '../pages/session-cookie.js';
import { accepts, route, type Route, type RouteRequest } from '../route.js';
import type { Services } from '../services.js';
import { authorizationAnswer } from './authorization-answer.js';
import { AuthorizationFailure, checkedAuthorization } from './authorization-checks.js';
import { AuthorizationParameters, given } from './authorization-parameters.js';
import { refusedPage } from './authorization-refused-page.js';
import { followed } from './followed.js';
import { wayBack } from './return-address.js';

type Needed = Pick<
  Services,
  'authorizations' | 'authorizationRequests' | 'idTokenHints' | 'issuers' | 'origin' | 'securityRows' | 'tenants'
>;
export class ResumeQuery {
  @IsString() @MaxLength(8_000) request!: string;
}

type Arrived = RouteRequest<'/t/:tenant/oauth2/authorize', 'public', AuthorizationParameters, AuthorizationParameters>;

const row = {
  tag: 'oauth',
  access: 'public',
  rateLimit: 'protocol',
  otherParameters: 'ignored',
  responses: {
    200: text(pageType, 'The answer, as a form that posts itself.', '<!doctype html>'),
    303: empty('To the next page, or back to the client with a code or an error.'),
    400: text(pageType, 'There is nobody to send an answer to.', '<!doctype html>'),
  },
} as const;

const authorize =
  (services: Needed, read: (request: Arrived) => AuthorizationParameters) => async (request: Arrived) => {
    const { tenant, context, header } = request;
    const parameters = given(read(request));
    const { authorizations, issuers, origin, securityRows } = services;
    const client =
      parameters.client_id === undefined
        ? undefined
        : await securityRows.client(tenant.id, parameters.client_id as ClientId);
    const known = client?.status === 'enabled' ? client.metadata : undefined;
    const way = wayBack(parameters, known);
    if ('noReturn' in way || !known)
      return refusedPage(services, request, 'noReturn' in way ? way.noReturn : 'client-unknown');
    const { address, redirectUriNamed } = way;
    const issuer = issuers.of(tenant.slug);
    try {
      const checked = {
        ...address,
        redirectUriNamed,
        ...checkedAuthorization(parameters, known),
        ...(await hinted(services, tenant, parameters)),
        at: context.at,
      };
      const cookie = presentedSession(origin, header('cookie'));
      const browser = { ...(cookie !== undefined && { cookie }), accountChosen: false, agreed: false };
      return await followed(services, tenant, checked, await authorizations.answer(context, checked, browser));
    } catch (error) {
      if (!(error instanceof AuthorizationFailure)) throw error;
      return authorizationAnswer(address, issuer, { error: error.code, description: error.description });
    }
  };

/** Whom `id_token_hint` names, who need not be the one that is signed in. @throws AuthorizationFailure */
async function hinted(
  { idTokenHints }: Needed,
  tenant: TenantRef,
  { id_token_hint: hint }: AuthorizationParameters,
): Promise<Readonly<{ subjectHint?: string }>> {
  if (hint === undefined) return {};
  const about = await idTokenHints.read(tenant, hint);
  if (!about) throw new AuthorizationFailure('invalid_request', 'id_token_hint is no ID token of this issuer.');
  return { subjectHint: about.user };
}

/** Goes on with a request after a page of the service: the same answer as at first, from what is known by now. */
const resume =
  (services: Needed) => async (request: RouteRequest<'/t/:tenant/oauth2/resume', 'public', never, ResumeQuery>) => {
    const { tenant, context, header, query } = request;
    const opened = await services.authorizationRequests.open(tenant.id, query.request, context.at);
    if (!opened) return refusedPage(services, request, 'request-too-old');
    const cookie = presentedSession(services.origin, header('cookie'));
    const browser = { ...(cookie !== undefined && { cookie }), accountChosen: false, agreed: false };
    return followed(services, tenant, opened, await services.authorizations.answer(context, opened, browser));
  };

/** RFC 6749 section 3.1: GET must be supported, POST may be; OpenID Connect Core 1.0 section 3.1.2.1 wants both. */
export const authorizeRoutes: readonly Route<Needed>[] = [
  route({
    ...row,
    id: 'authorize',
    method: 'get',
    path: '/t/:tenant/oauth2/authorize',
    summary: 'Ask for an authorization code (RFC 6749 section 4.1, OpenID Connect)',
    description: 'Browsers are sent here. PKCE with S256 is required unless a confidential client was exempted.',
    query: AuthorizationParameters,
    handler: (services: Needed) => authorize(services, ({ query }) => query),
  }),
  route({
    ...row,
    id: 'authorizeByForm',
    method: 'post',
    path: '/t/:tenant/oauth2/authorize',
    summary: 'Ask for an authorization code, by a form',
    body: accepts(
      AuthorizationParameters,
      { client_id: '0199b000-0000-5000-8000-00000000000c', response_type: 'code' },
      { mediaType: 'application/x-www-form-urlencoded' },
    ),
    handler: (services: Needed) => authorize(services, ({ body }) => body),
  }),
  route({
    ...row,
    id: 'resumeAuthorization',
    method: 'get',
    path: '/t/:tenant/oauth2/resume',
    summary: 'Go on with a request once the person has signed in',
    undocumented: true,
    query: ResumeQuery,
    handler: resume,
  }),
];
