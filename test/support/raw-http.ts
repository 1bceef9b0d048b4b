import { connect } from 'node:net';

export type RawAnswer = Readonly<{ status: number; head: string; body: string }>;

/** Sends bytes as they are and reads until the server closes; for requests that no client would send. Status 0: cut without an answer. */
export function rawHttp(port: number, request: string | Uint8Array): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('connect', () => socket.write(request));
    socket.on('data', (chunk) => chunks.push(chunk));
    // A server that has refused does not wait for the rest, so the connection may be reset; close follows.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      const [head = '', ...body] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n');
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, body: body.join('\r\n\r\n') });
    });
  });
}
