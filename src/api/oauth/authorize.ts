import { type AuthorizationRequest, isStillAllowed } from '../../domain/authorization/request.js';
import type { ClientId } from '../../domain/values.js';
import { IsString, MaxLength } from 'class-validator';
import { type AnswerOf, empty, text } from '../answer/responses.js';
import { pageType } from '../pages/layout.js';
import { presentedSession } from '../pages/session-cookie.js';
import { accepts, route, type Route, type RouteRequest } from '../route.js';
import type { Services } from '../services.js';
import { authorizationAnswer } from './authorization-answer.js';
import { AuthorizationFailure } from './authorization-checks.js';
import { AuthorizationParameters, given } from './authorization-parameters.js';
import { checkedRequest, countingParameters, type KnownClient, NowhereToAnswer } from './authorization-request.js';
import { refusedPage } from './authorization-refused-page.js';
import { followed } from './followed.js';
import { wayBack } from './return-address.js';

type Needed = Pick<
  Services,
  | 'authorizations'
  | 'authorizationRequests'
  | 'idTokenHints'
  | 'issuers'
  | 'origin'
  | 'pushedRequests'
  | 'requestObjects'
  | 'securityRows'
  | 'tenants'
>;
export class ResumeQuery {
  @IsString() @MaxLength(8_000) request!: string;
}

type Arrived = RouteRequest<'/t/:tenant/oauth2/authorize', 'public', AuthorizationParameters, AuthorizationParameters>;

const responses = {
  200: text(pageType, 'The answer, as a form that posts itself.', '<!doctype html>'),
  303: empty('To the next page, or back to the client with a code or an error.'),
  400: text(pageType, 'There is nobody to send an answer to.', '<!doctype html>'),
} as const;

const row = {
  tag: 'oauth',
  access: 'public',
  rateLimit: 'protocol',
  otherParameters: 'ignored',
  responses,
} as const;

const authorize =
  (services: Needed, read: (request: Arrived) => AuthorizationParameters) => async (request: Arrived) => {
    const { tenant, context } = request;
    const outside = given(read(request));
    const id = outside.client_id as ClientId | undefined;
    if (id === undefined) return refusedPage(services, request, 'client-missing');
    const row = await services.securityRows.client(tenant.id, id);
    if (row?.status !== 'enabled' || !row.metadata) return refusedPage(services, request, 'client-unknown');
    const client = { id, metadata: row.metadata };
    if (outside.request_uri !== undefined && services.pushedRequests.isReference(outside.request_uri)) {
      const pushed = await services.pushedRequests.read(context, id, outside.request_uri);
      if (!pushed || !isStillAllowed(pushed, client.metadata))
        return refusedPage(services, request, 'request-uri-unknown');
      return answered(services, request, { ...pushed, pushed: outside.request_uri, at: context.at });
    }
    return direct(services, request, client, outside);
  };

/** A request that the browser itself brings. */
async function direct(
  services: Needed,
  request: Arrived,
  client: KnownClient,
  outside: AuthorizationParameters,
): Promise<AnswerOf<typeof responses>> {
  const { tenant, context } = request;
  let parameters = outside;
  try {
    const counting = await countingParameters(services, tenant, client, 'authorize', outside, context.at);
    parameters = counting.parameters;
    const checked = await checkedRequest(services, tenant, client, counting);
    return await answered(services, request, { ...checked, at: context.at });
  } catch (error) {
    const way = wayBack(parameters, client.metadata);
    if (error instanceof NowhereToAnswer) return refusedPage(services, request, error.why);
    if (!(error instanceof AuthorizationFailure)) throw error;
    if ('noReturn' in way) return refusedPage(services, request, way.noReturn);
    const issuer = services.issuers.of(tenant.slug);
    return authorizationAnswer(way.address, issuer, { error: error.code, description: error.description });
  }
}

async function answered(services: Needed, { tenant, context, header }: Arrived, request: AuthorizationRequest) {
  const cookie = presentedSession(services.origin, header('cookie'));
  const browser = { ...(cookie !== undefined && { cookie }), accountChosen: false, agreed: false };
  return followed(services, tenant, request, await services.authorizations.answer(context, request, browser));
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
