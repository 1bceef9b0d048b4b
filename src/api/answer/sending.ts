import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline as pump } from 'node:stream/promises';
import type { BodyStream } from './answer.js';
import type { Rendered } from './rendering.js';

/** Statuses whose answers have no body, and so no length (RFC 9110 section 8.6). */
const bodiless: ReadonlySet<number> = new Set([204, 304]);

/** Sends an answer. `draining` is aborted when the server stops, which ends streams. */
export async function send(
  method: string,
  response: ServerResponse,
  { status, headers, body }: Rendered,
  draining: AbortSignal,
): Promise<void> {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // What is left of a refused body is not waited for.
  if (status === 413) response.setHeader('Connection', 'close');
  if (typeof body !== 'string') return sendStream(method, response, body, draining);

  if (!bodiless.has(status)) response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(method === 'HEAD' || bodiless.has(status) ? undefined : body);
}

async function sendStream(
  method: string,
  response: ServerResponse,
  body: BodyStream,
  draining: AbortSignal,
): Promise<void> {
  response.flushHeaders();
  if (method === 'HEAD') {
    response.end();
    return;
  }
  const gone = new AbortController();
  const abort = (): void => gone.abort();
  response.once('close', abort);
  draining.addEventListener('abort', abort, { once: true });
  try {
    await pump(Readable.from(body(gone.signal)), response);
  } catch (error) {
    // The status has been sent; cutting the connection is the only way left to say that it failed.
    response.destroy();
    if (!gone.signal.aborted) throw error;
  } finally {
    draining.removeEventListener('abort', abort);
  }
}
