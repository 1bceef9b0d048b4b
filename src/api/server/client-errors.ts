import type { Socket } from 'node:net';
import { Problem } from '../problems/problem.js';
import type { ProblemCode } from '../problems.js';
import { renderProblem } from '../answer/rendering.js';

/** What Node's parser refuses before there is a request, by its error code; anything else is a malformed request. */
const codes: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/** Answers a request that could not be parsed, then closes its connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket, origin: string, id: string): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, headers, body } = renderProblem(
    new Problem(codes[error.code ?? ''] ?? 'malformed-request'),
    origin,
    id,
  );
  const fields = {
    ...headers,
    'Content-Length': String(Buffer.byteLength(body as string)),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': id,
    Connection: 'close',
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status} ${reasons[status] ?? 'Error'}`, ...lines, '', body].join('\r\n'));
}
