import type { Authorization } from '../../application/authorization.js';
import type { AuthorizationRequest } from '../../domain/authorization/request.js';
import type { TenantRef } from '../access/tenants.js';
import { seeOther } from '../pages/page-answers.js';
import type { Services } from '../services.js';
import { authorizationAnswer } from './authorization-answer.js';

/** The page on which the person goes on. */
const pages = {
  'sign-in': 'sign-in',
  registration: 'register',
  'select-account': 'select-account',
  consent: 'consent',
} as const;

/** What the pages take along; a longer address no server on the way has to read. */
export const longestSealed = 8_000;
const tooLong = {
  error: 'invalid_request',
  description: 'The request is too long to be taken from page to page.',
} as const;

/** Sends the person to whatever comes next. */
export async function followed(
  { authorizationRequests, issuers }: Pick<Services, 'authorizationRequests' | 'issuers'>,
  tenant: TenantRef,
  request: AuthorizationRequest,
  answer: Authorization,
) {
  const issuer = issuers.of(tenant.slug);
  if ('code' in answer) return authorizationAnswer(request, issuer, { code: answer.code });
  if ('device' in answer) return seeOther(`/t/${tenant.slug}/device/done`);
  if ('refused' in answer) return authorizationAnswer(request, issuer, answer.refused);
  const sealed = await authorizationRequests.seal(tenant.id, request);
  if (sealed.length > longestSealed) return authorizationAnswer(request, issuer, tooLong);
  return seeOther(`/t/${tenant.slug}/${pages[answer.need]}?${new URLSearchParams({ request: sealed }).toString()}`);
}
