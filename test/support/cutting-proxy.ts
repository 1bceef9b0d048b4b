import { createServer, connect, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type pg from 'pg';

/** How PostgreSQL's protocol ends a query that has parameters. */
const sync = Buffer.from([0x53, 0, 0, 0, 4]);

/**
 * Stands between a client and PostgreSQL. `cutAfterAnswer` loses the answer to the next message and the connection with it; `withholdSync` plays a
 * client that stops before the last message of a query.
 */
export class CuttingProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private armed: 'answer' | 'sync' | undefined;
  private fired: () => void = () => undefined;

  private constructor(private readonly target: pg.ClientConfig) {
    this.server = createServer((client) => this.join(client));
  }

  static async start(target: pg.ClientConfig): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));

    return proxy;
  }

  /** The way through the proxy. */
  get config(): pg.ClientConfig {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');

    return { ...this.target, host: '127.0.0.1', port: address.port };
  }

  /** Resolves when an answer has been lost. */
  cutAfterAnswer(): Promise<void> {
    return this.arm('answer');
  }

  /** Resolves when a query has been sent without its end; the connection stays open. */
  withholdSync(): Promise<void> {
    return this.arm('sync');
  }

  /** Breaks every connection that is open now. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private arm(what: 'answer' | 'sync'): Promise<void> {
    this.armed = what;

    return new Promise((resolve) => {
      this.fired = resolve;
    });
  }

  private join(client: Socket): void {
    const { host = '', port = 5432 } = this.target;
    const server = host.startsWith('/') ? connect(join(host, `.s.PGSQL.${port}`)) : connect(port, host);
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    let doomed = false;
    client.on('data', (chunk) => {
      if (this.armed === 'answer') {
        doomed = true;
        this.armed = undefined;
      }
      const held = this.armed === 'sync' && chunk.subarray(-sync.length).equals(sync);
      server.write(held ? chunk.subarray(0, -sync.length) : chunk);
      if (held) {
        this.armed = undefined;
        this.fired();
      }
    });
    server.on('data', (chunk) => {
      if (!doomed) return client.write(chunk);
      client.destroy();
      this.fired();
    });
  }
}
