import type { IncomingMessage } from 'node:http';
import { prefersPage } from '../request/accept.js';
import type { Problem } from '../problems/problem.js';
import { type ProblemCode, problems } from '../problems.js';
import type { Rendered } from '../answer/rendering.js';
import { headerOf } from '../request/request-head.js';
import { mediaTypesOf, type Responses } from '../answer/responses.js';
import { everyLanguage, wordsFor } from './language.js';
import { pageFields, pageHtml, pageType } from './layout.js';
import { sheetOf } from './sheets.js';
import type { NamedFailure } from './wording/wording.js';

const ofTheApi = /^[^?]*\/api\//;

/**
 * Whether a request that failed is answered with a page: somebody's browser asked for one, or for nothing that exists. Programs that ask
 * for HTML by habit get JSON from the API.
 */
export function asksForPage(responses: Responses | undefined, message: IncomingMessage): boolean {
  if (!prefersPage(headerOf(message, 'accept'))) return false;
  return responses === undefined ? !ofTheApi.test(message.url ?? '') : mediaTypesOf(responses).includes(pageType);
}

const named: Readonly<Record<NamedFailure, true>> = { 'cross-site': true, 'tenant-suspended': true };
const isNamed = (code: ProblemCode): code is NamedFailure => Object.hasOwn(named, code);

/** A problem in words for people. What went wrong in detail is for the log, under the same id. */
export function failurePage(problem: Problem, requestId: string, acceptLanguage: string | undefined): Rendered {
  const words = wordsFor(acceptLanguage, everyLanguage);
  const { status } = problems[problem.code];
  const notice = isNamed(problem.code) ? words.namedFailures[problem.code] : words.failures[status];
  const reference = (
    <p class="soft">
      {words.reference}: <code>{requestId}</code>
    </p>
  );
  return {
    status,
    headers: { 'Content-Type': pageType, ...pageFields({ words }), ...problem.headers },
    body: pageHtml({ words, ...sheetOf('failed', notice, reference) }),
  };
}
