import type { Answer, BodyStream } from './answer.js';
import type { Problem } from './problem.js';
import { problemRow } from './problems.js';

/** An answer ready to be sent. */
export type Rendered = Readonly<{
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string | BodyStream;
}>;

/** RFC 9457. `instance` is the request id, under which the operator finds the log line. */
export function renderProblem(problem: Problem, origin: string, requestId: string): Rendered {
  const row = problemRow(problem.code);
  const body = {
    type: `${origin}/problems/${problem.code}`,
    title: row.title,
    status: row.status,
    code: problem.code,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    instance: requestId,
    ...(problem.errors.length === 0 ? {} : { errors: problem.errors }),
  };
  return {
    status: row.status,
    headers: { 'Content-Type': 'application/problem+json', ...problem.headers },
    body: JSON.stringify(body),
  };
}

/** `body` replaces the answer's own, for a page that got its `next` link. */
export function renderAnswer(answer: Answer, origin: string, mediaType: string | undefined): Rendered {
  const headers: Record<string, string> = {};
  if (mediaType !== undefined) headers['Content-Type'] = mediaType;
  if (answer.revision !== undefined) headers['ETag'] = `"${answer.revision}"`;
  if (answer.position !== undefined) headers['Annal-Position'] = answer.position;
  if (answer.location !== undefined) headers['Location'] = origin + answer.location;

  return {
    status: answer.status,
    headers: { ...headers, ...answer.headers },
    body: answer.stream ?? textOf(answer.body),
  };
}

function textOf(body: unknown): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}
