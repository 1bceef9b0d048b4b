import { authorizationRefusedSheet } from '../pages/authorization-refused-sheet.js';
import { shownAsDead } from '../pages/page-answers.js';
import { siteOf, type Visit } from '../pages/site.js';
import type { Services } from '../services.js';
import type { NoReturn } from './return-address.js';

/** For whoever wrote the application; the person before the page can only go back to it. */
const reasons: Readonly<Record<NoReturn, string>> = {
  'client-missing': 'client_id is missing.',
  'client-unknown': 'client_id names no enabled client of this tenant.',
  'redirect-uri-missing': 'redirect_uri is missing, and the client has not exactly one.',
  'redirect-uri-not-registered': 'redirect_uri is not registered for the client; it is compared byte by byte.',
  'request-uri-unknown': 'request_uri names no request that this client pushed and that waits for its answer.',
  'request-too-old': 'the pages were left for more than an hour, or the client may not ask for this any more.',
  'response-mode-unknown': 'response_mode must be query or form_post.',
};

export async function refusedPage({ tenants }: Pick<Services, 'tenants'>, visit: Visit, why: NoReturn) {
  const site = await siteOf(tenants, visit);
  return shownAsDead(site, authorizationRefusedSheet(site, reasons[why]));
}
