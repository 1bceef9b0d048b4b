import type { JSX } from 'preact';
import { pageFields, pageHtml, pageType } from '../pages/layout.js';
import { lastResort } from '../pages/wording/wordings.js';
import { Problem } from '../problems/problem.js';
import { isProblemCode, type ProblemCode, problemCodes, problemRow } from '../problems.js';
import { text } from '../answer/responses.js';
import { type Route, route } from '../route.js';
import type { OperationsServices } from './services.js';

const html = text(pageType, 'A page', '<!doctype html>');
const fields = { ...pageFields({ words: lastResort }), 'Cache-Control': 'public, max-age=3600' };

/** For developers, so in the language of the API. */
const layout = (title: string, content: JSX.Element): string =>
  pageHtml({ words: lastResort, brand: { name: 'Annal', home: '/' }, title, content });

function problemPage(code: ProblemCode): string {
  const { status, title, forDeveloper, transient } = problemRow(code);
  return layout(
    code,
    <>
      <h1>{title}</h1>
      <p>
        <code>{code}</code>, status {status}
      </p>
      <p>{forDeveloper}</p>
      {transient && <p>The same request may succeed later.</p>}
      <p>
        <a href="/problems">All problems</a>
      </p>
    </>,
  );
}

const listPage = (): string =>
  layout(
    'Problems',
    <>
      <h1>Problems</h1>
      <ul>
        {problemCodes.map((code) => (
          <li>
            <a href={`/problems/${code}`}>{code}</a>: {problemRow(code).title}
          </li>
        ))}
      </ul>
    </>,
  );

/** Where the `type` of a problem leads. */
export const problemPageRoutes: readonly Route<OperationsServices>[] = [
  route({
    id: 'problems',
    method: 'get',
    path: '/problems',
    summary: 'Every problem that the service answers',
    tag: 'documentation',
    access: 'public',
    responses: { 200: html },
    handler: () => async () => ({ status: 200, body: listPage(), headers: fields }),
  }),
  route({
    id: 'problem',
    method: 'get',
    path: '/problems/:code',
    summary: 'What a problem means',
    tag: 'documentation',
    access: 'public',
    responses: { 200: html },
    handler:
      () =>
      async ({ params: { code } }) => {
        if (!isProblemCode(code)) throw new Problem('not-found');
        return { status: 200, body: problemPage(code), headers: fields };
      },
  }),
];
