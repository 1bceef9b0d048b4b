import { problems } from '../problems.js';
import { type Page, pageFields, pageHtml } from './layout.js';
import type { ShownProblem } from './refusals.js';
import type { Sheet } from './sheets.js';
import type { Site } from './site.js';

const answer = <Status extends number>(status: Status, page: Page) => ({
  status,
  body: pageHtml(page),
  headers: pageFields(page),
});

export const shown = ({ words, brand, formTargets }: Site, sheet: Sheet) =>
  answer(200, { words, brand, ...(formTargets && { formTargets }), ...sheet });

/** For a link that proves nothing any more. */
export const shownAsDead = ({ words, brand }: Site, sheet: Sheet) => answer(400, { words, brand, ...sheet });

/** A form with what is wrong with it. */
export function shownAgain({ words, brand, formTargets }: Site, problem: ShownProblem, sheet: Sheet) {
  const { headers, ...rest } = answer(problems[problem.code].status, {
    words,
    brand,
    ...(formTargets && { formTargets }),
    ...sheet,
    failed: true,
  });
  return { ...rest, headers: { ...headers, ...problem.headers } };
}

/**
 * To a page that can be loaded again without doing anything again. The path is relative: where the service is reached under another name
 * than the configured one, `form-action` would stop the browser on its way to that.
 */
export const seeOther = (path: string, cookies: readonly string[] = []) =>
  ({ status: 303, headers: { Location: path, ...(cookies.length > 0 && { 'Set-Cookie': cookies }) } }) as const;
