import type { UserId } from '../../domain/values.js';
import type { Answer, BodyStream } from './answer.js';
import type { Problem } from '../problems/problem.js';
import { problemRow } from '../problems.js';
import type { JsonResponse, PageResponse, ResponseRow } from './responses.js';
import { viewOf } from './view.js';

/** An answer ready to be sent. */
export type Rendered = Readonly<{
  status: number;
  /** A list is a field of several lines. */
  headers: Readonly<Record<string, string | readonly string[]>>;
  body: string | BodyStream;
  /** Whom it shows. */
  people?: readonly UserId[];
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

/** An answer of any row but a page; what its class does not declare is left out. */
export function renderAnswer(
  answer: Answer,
  response: Exclude<ResponseRow, PageResponse<unknown>>,
  origin: string,
): Rendered {
  return {
    status: answer.status,
    headers: { ...fieldsOf(answer, origin), ...contentType(answer, response), ...answer.headers },
    body: bodies[response.kind](answer, response as never),
  };
}

/** `{ items, next }`, with `next` in the Link field too (RFC 8288). */
export function renderPage(
  answer: Answer,
  response: PageResponse<unknown>,
  origin: string,
  next: string | null,
): Rendered {
  const view = viewOf(response.schema);
  const { items } = answer.body as Readonly<{ items: readonly unknown[] }>;
  const link: Fields = next === null ? {} : { Link: `<${next}>; rel="next"` };
  return {
    status: answer.status,
    headers: { ...fieldsOf(answer, origin), 'Content-Type': 'application/json', ...link, ...answer.headers },
    body: JSON.stringify({ items: items.map(view), next }),
  };
}

type Fields = Readonly<Record<string, string>>;

const fieldsOf = ({ revision, position, location }: Answer, origin: string): Fields => ({
  ...(revision === undefined ? {} : { ETag: `"${revision}"` }),
  ...(position === undefined ? {} : { 'Annal-Position': position }),
  ...(location === undefined ? {} : { Location: origin + location }),
});

function contentType(answer: Answer, response: Exclude<ResponseRow, PageResponse<unknown>>): Fields {
  if (response.kind === 'empty') return {};
  if (response.kind !== 'json') return { 'Content-Type': response.mediaType };
  return { 'Content-Type': alternativeOf(answer, response) ?? 'application/json' };
}

/** Where the body is the text that says the same. */
const alternativeOf = ({ body }: Answer, { alternative }: JsonResponse<unknown>): string | undefined =>
  typeof body === 'string' ? alternative?.mediaType : undefined;

type Bodies = {
  readonly [Row in Exclude<ResponseRow, PageResponse<unknown>> as Row['kind']]: (
    answer: Answer,
    response: Row,
  ) => string | BodyStream;
};

const bodies: Bodies = {
  json: (answer, response) => {
    const { body } = answer;
    if (alternativeOf(answer, response) !== undefined) return String(body);
    return JSON.stringify(typeof response.schema === 'function' ? viewOf(response.schema)(body) : body);
  },
  empty: () => '',
  text: ({ body }) => String(body),
  stream: ({ stream }) => stream ?? '',
};
