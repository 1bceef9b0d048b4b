import { IsInt, IsOptional, IsString, MaxLength } from 'class-validator';
import { pushedSeconds } from '../../application/pushed-requests.js';
import { CommandRejected } from '../../application/command-rejected.js';
import type { Instant } from '../../domain/values.js';
import type { TenantRef } from '../access/tenants.js';
import { json } from '../answer/responses.js';
import { accepts, route, type Route } from '../route.js';
import type { Services } from '../services.js';
import { AuthorizationFailure } from './authorization-checks.js';
import { AuthorizationParameters, given } from './authorization-parameters.js';
import { checkedRequest, countingParameters, NowhereToAnswer } from './authorization-request.js';
import { tokenClient } from './client-authentication.js';
import { noStore } from './no-store.js';
import { OAuthError, oauthError } from './oauth-error.js';

/** RFC 9126 section 2.1: an authorization request, and what proves the client. */
export class PushedAuthorizationForm extends AuthorizationParameters {
  @IsOptional() @IsString() @MaxLength(512) client_secret?: string;
  @IsOptional() @IsString() @MaxLength(16_000) client_assertion?: string;
  @IsOptional() @IsString() @MaxLength(200) client_assertion_type?: string;
}

export class PushedAuthorizationView {
  @IsString() request_uri!: string;
  @IsInt() expires_in!: number;
}

/** RFC 6749 sections 4.1.2.1 and 5.2: what either endpoint may say. */
export class PushedAuthorizationError {
  @IsString() error!: string;
  @IsString() error_description!: string;
}

type Needed = Pick<
  Services,
  'clientAssertions' | 'clients' | 'dpop' | 'idTokenHints' | 'issuers' | 'pushedRequests' | 'requestObjects'
>;

const exampleUri = 'urn:ietf:params:oauth:request_uri:4fGk';

/** What the authorization endpoint would tell the client by redirect is told at once (RFC 9126 section 2.3). */
function refusalOf(error: unknown): PushedAuthorizationError {
  if (error instanceof AuthorizationFailure) return { error: error.code, error_description: error.description };
  if (error instanceof NowhereToAnswer) return oauthError('invalid_request', `There is no way back: ${error.why}.`);
  throw error;
}

/**
 * "If the DPoP header and the dpop_jkt parameter are both present … the authorization server MUST reject the request if the thumbprint does
 * not match" (RFC 9449 section 10.1). @throws CommandRejected invalid-dpop-proof
 */
async function boundKey(
  { dpop, issuers }: Pick<Services, 'dpop' | 'issuers'>,
  tenant: TenantRef,
  proof: string | undefined,
  named: string | undefined,
  at: Instant,
): Promise<string | undefined> {
  if (proof === undefined) return named;
  const url = `${issuers.of(tenant.slug)}/oauth2/par`;
  const proved = await dpop.prove(tenant.id, { proof, method: 'POST', url }, at);
  if (named !== undefined && named !== proved) throw new CommandRejected('invalid-dpop-proof');
  return proved;
}

export const pushedAuthorizationRoutes: readonly Route<Needed>[] = [
  route({
    id: 'pushAuthorization',
    method: 'post',
    path: '/t/:tenant/oauth2/par',
    summary: 'Push an authorization request (RFC 9126)',
    description: 'The browser then brings `client_id` and `request_uri` alone.',
    tag: 'oauth',
    access: 'public',
    rateLimit: 'protocol',
    failures: 'oauth',
    otherParameters: 'ignored',
    body: accepts(
      PushedAuthorizationForm,
      { client_id: '0199b000-0000-5000-8000-00000000000c', response_type: 'code' },
      { mediaType: 'application/x-www-form-urlencoded' },
    ),
    responses: {
      201: json(PushedAuthorizationView, 'Kept until the browser comes.', {
        request_uri: exampleUri,
        expires_in: pushedSeconds,
      }),
      400: json(PushedAuthorizationError, 'What is wrong with the request.', oauthError('invalid_request')),
      401: json(OAuthError, 'The client did not prove itself.', oauthError('invalid_client')),
    },
    handler:
      (services: Needed) =>
      async ({ body, tenant, context, header }) => {
        const { pushedRequests } = services;
        const client = await tokenClient(services, tenant, header('authorization'), body, context.at);
        const outside = given(body);
        try {
          const counting = await countingParameters(services, tenant, client, 'par', outside, context.at);
          const named = { ...counting, parameters: { ...counting.parameters, client_id: client.id } };
          const checked = await checkedRequest(services, tenant, client, named);
          const boundTo = await boundKey(services, tenant, header('dpop'), checked.boundTo, context.at);
          const uri = await pushedRequests.push(context, { ...checked, ...(boundTo !== undefined && { boundTo }) });
          return { status: 201, body: { request_uri: uri, expires_in: pushedSeconds }, headers: noStore };
        } catch (error) {
          return { status: 400, body: refusalOf(error), headers: noStore };
        }
      },
  }),
];
