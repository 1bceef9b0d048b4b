import type { IncomingMessage } from 'node:http';
import { parseForm } from './form-text.js';
import { parseJson } from './json-text.js';
import { Problem } from '../problems/problem.js';
import type { Accepted, MediaType } from '../route.js';

/** Values that are this small on average only serve to make checking them expensive. */
const bytesPerValue = 32;

const parsers: Readonly<Record<MediaType, (bytes: Uint8Array, maxValues: number) => unknown>> = {
  'application/json': parseJson,
  'application/merge-patch+json': parseJson,
  'application/x-www-form-urlencoded': (bytes) => parseForm(latin1(bytes), 'malformed-body'),
};

/** The bytes are not copied. */
const latin1 = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString('latin1');

/**
 * The body of a request, read to its end and parsed.
 * @throws Problem unsupported-media-type, body-too-large, malformed-body
 */
export async function readBody(request: IncomingMessage, accepted: Accepted<object>): Promise<ParsedBody> {
  checkType(request, accepted.mediaType);
  const bytes = await readBytes(request, accepted.maxBytes);
  return { bytes, value: parsers[accepted.mediaType](bytes, Math.ceil(accepted.maxBytes / bytesPerValue)) };
}

export type ParsedBody = Readonly<{ bytes: Uint8Array; value: unknown }>;

/** Compressed bodies are refused: what they unpack to has no honest limit. */
function checkType(request: IncomingMessage, mediaType: MediaType): void {
  const encoding = request.headers['content-encoding'];
  const [type, ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  const utf8 = charset === undefined || ['charset=utf-8', 'charset="utf-8"'].includes(charset);
  if (type?.trim() === mediaType && utf8 && (encoding === undefined || encoding === 'identity')) return;

  throw new Problem('unsupported-media-type', {
    detail: `This operation reads ${mediaType} in UTF-8.`,
    headers: { Accept: mediaType },
  });
}

/** An operation without a body takes none, but does not mind the empty object that some clients always send. */
export async function refuseBody(request: IncomingMessage): Promise<undefined> {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (request.method === 'GET' || request.method === 'HEAD') return undefined;
  if (encoding === undefined && (length === undefined || length === '0')) return undefined;
  const text = latin1(await readBytes(request, 64)).trim();
  if (text !== '' && text !== '{}') throw new Problem('malformed-body', { detail: 'This operation takes no body.' });

  return undefined;
}

/** @throws Problem body-too-large as soon as it is known */
export function readBytes(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () => new Problem('body-too-large', { detail: `The limit is ${maxBytes} bytes.` });
  const gone = () => new Problem('malformed-request', { detail: 'The connection ended early.' });
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.reject(tooLarge());
  if (request.destroyed) return Promise.reject(gone());

  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) reject(tooLarge());
      else chunks.push(chunk);
    });
    request.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)));
    request.once('error', (error) => reject(new Problem('malformed-request', { cause: error })));
    // Every request closes; only one that has not ended was cut off.
    request.once('close', () => request.complete || reject(gone()));
  });
}
