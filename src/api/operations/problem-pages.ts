import { markup } from '../pages/markup.js';
import { Problem } from '../problem.js';
import { isProblemCode, type ProblemCode, problemCodes, problemRow } from '../problems.js';
import { text } from '../responses.js';
import { type Route, route } from '../route.js';
import { pagePolicy } from '../security-headers.js';
import type { OperationsServices } from './services.js';

const html = text('text/html; charset=utf-8', 'A page', '<!doctype html>');
const fields = { 'Content-Security-Policy': pagePolicy({}), 'Cache-Control': 'public, max-age=3600' };

const layout = (title: string, content: ReturnType<typeof markup>): string =>
  markup`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title><meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main>${content}</main></body>
</html>
`.html;

function problemPage(code: ProblemCode): string {
  const { status, title, forDeveloper, transient } = problemRow(code);
  const again = transient ? markup`<p>The same request may succeed later.</p>` : undefined;
  return layout(
    code,
    markup`<h1>${title}</h1><p><code>${code}</code>, status ${status}</p><p>${forDeveloper}</p>${again}<p><a href="/problems">All problems</a></p>`,
  );
}

const listPage = (): string =>
  layout(
    'Problems',
    markup`<h1>Problems</h1><ul>${problemCodes.map((code) => markup`<li><a href="/problems/${code}">${code}</a>: ${problemRow(code).title}</li>`)}</ul>`,
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
