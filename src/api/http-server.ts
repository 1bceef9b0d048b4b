import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

export type Listening = Readonly<{ host: string; port: number }>;

/** Milliseconds. A slow or silent client holds a connection no longer than this. */
const timeouts = { headers: 10_000, request: 30_000, keepAlive: 5_000 };

/** The listening socket: start answers where it listens, stop finishes what is under way. */
export class HttpServer {
  private readonly server: Server;

  constructor(
    app: Express,
    private readonly listening: Listening,
  ) {
    this.server = createServer({ maxHeaderSize: 16_384, requireHostHeader: true, insecureHTTPParser: false }, app);
    this.server.headersTimeout = timeouts.headers;
    this.server.requestTimeout = timeouts.request;
    this.server.keepAliveTimeout = timeouts.keepAlive;
  }

  /** Port 0 takes a free one. @throws where the port is taken */
  start(): Promise<Listening> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.listening.port, this.listening.host, () => {
        this.server.off('error', reject);
        const { address, port } = this.server.address() as AddressInfo;
        resolve({ host: address, port });
      });
    });
  }

  /** Takes no new connections, lets requests under way finish for at most `milliseconds`, then cuts what is left. */
  async stop(milliseconds = 10_000): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    const cut = setTimeout(() => this.server.closeAllConnections(), milliseconds);
    await closed;
    clearTimeout(cut);
  }
}
