import type { PushedRequest } from '../../application/pushed-requests.js';
import type { ClientMetadata } from '../../domain/client/metadata.js';
import type { ClientId, Instant } from '../../domain/values.js';
import type { TenantRef } from '../access/tenants.js';
import type { Services } from '../services.js';
import { Problem } from '../problems/problem.js';
import { fieldsOfClass } from '../request/class-fields.js';
import { checked } from '../request/validation.js';
import { type Arrival, AuthorizationFailure, checkedAuthorization } from './authorization-checks.js';
import { AuthorizationParameters, given } from './authorization-parameters.js';
import { wayBack, type NoReturn } from './return-address.js';

type Needed = Pick<Services, 'issuers' | 'requestObjects'>;

export type KnownClient = Readonly<{ id: ClientId; metadata: ClientMetadata }>;

/** Parameters as they count: those of the request object where there is one, and nothing of what stands beside it (RFC 9101 section 6.3). */
export type Counting = Readonly<{ arrival: Arrival; parameters: AuthorizationParameters }>;

/** @throws AuthorizationFailure */
export async function countingParameters(
  { requestObjects, issuers }: Needed,
  tenant: TenantRef,
  client: KnownClient,
  endpoint: 'authorize' | 'par',
  outside: AuthorizationParameters,
  at: Instant,
): Promise<Counting> {
  if (outside.request === undefined) return { arrival: endpoint, parameters: outside };
  if (outside.request_uri !== undefined)
    throw new AuthorizationFailure('invalid_request', 'request and request_uri exclude each other.');
  const opened = await requestObjects.open(client, issuers.of(tenant.slug), outside.request, at);
  if ('refused' in opened) {
    throw new AuthorizationFailure(
      opened.refused === 'unsupported' ? 'request_not_supported' : 'invalid_request_object',
      opened.why,
    );
  }
  return { arrival: `${endpoint}-object`, parameters: parametersOf(opened.claims) };
}

/** A claim stands for the parameter of its name; what is no text there is written as it would be outside. */
function parametersOf(claims: Readonly<Record<string, unknown>>): AuthorizationParameters {
  const known = fieldsOfClass(AuthorizationParameters);
  const named = Object.entries(claims).filter(([name, value]) => known.has(name) && value !== null);
  const fields = Object.fromEntries(named.map(([name, value]) => [name, textOf(value)]));
  try {
    return given(checked(AuthorizationParameters, fields, 'query'));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new AuthorizationFailure('invalid_request_object', 'A parameter in the request object is too long.');
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const isList = Array.isArray(value) && value.every((one) => typeof one === 'string');

  return isList ? value.join(' ') : JSON.stringify(value);
}

/**
 * The checked request, but for the moment at which a browser brings it; or why there is nobody to answer.
 * @throws AuthorizationFailure
 */
export async function checkedRequest(
  services: Pick<Services, 'idTokenHints'>,
  tenant: TenantRef,
  client: KnownClient,
  { arrival, parameters }: Counting,
): Promise<PushedRequest> {
  const way = wayBack(parameters, client.metadata);
  if ('noReturn' in way) throw new NowhereToAnswer(way.noReturn);
  const { address, redirectUriNamed } = way;
  const parts = checkedAuthorization(arrival, parameters, client.metadata);
  return { ...address, redirectUriNamed, ...parts, ...(await hinted(services, tenant, parameters)) };
}

/** Thrown where an answer could be sent to nobody; the person is told. */
export class NowhereToAnswer extends Error {
  constructor(readonly why: NoReturn) {
    super(why);
    this.name = 'NowhereToAnswer';
  }
}

/** Whom `id_token_hint` names, who need not be the one that is signed in. @throws AuthorizationFailure */
async function hinted(
  { idTokenHints }: Pick<Services, 'idTokenHints'>,
  tenant: TenantRef,
  { id_token_hint: hint }: AuthorizationParameters,
): Promise<Readonly<{ subjectHint?: string }>> {
  if (hint === undefined) return {};
  const about = await idTokenHints.read(tenant, hint);
  if (!about) throw new AuthorizationFailure('invalid_request', 'id_token_hint is no ID token of this issuer.');
  return { subjectHint: about.user };
}
