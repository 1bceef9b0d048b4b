import { createServer, connect, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type pg from 'pg';

/** How PostgreSQL's protocol ends a query that has parameters. */
const sync = Buffer.from([0x53, 0, 0, 0, 4]);

/** Death after so many messages of clients: before the last one is passed on, or when it has been answered. */
export type Death = Readonly<{ messages: number; when: 'unsent' | 'unanswered' }>;

/**
 * Stands between clients and a server. `cutAfterAnswer` loses the answer to the next message and the connection with
 * it; `withholdSync` plays a client of PostgreSQL that stops before the last message of a query; `dieAt` takes every
 * connection away at once, until `heal`.
 */
export class CuttingProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private armed: 'answer' | 'sync' | undefined;
  private fired: () => void = () => undefined;
  /** Messages that pass before the one whose answer is lost. */
  private spared = 0;
  private death: Death | undefined;
  private messages = 0;
  private dead = false;

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
    return { ...this.target, ...this.address };
  }

  get address(): Readonly<{ host: string; port: number }> {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');

    return { host: '127.0.0.1', port: address.port };
  }

  /** Resolves when an answer has been lost; `spared` messages pass before. */
  cutAfterAnswer(spared = 0): Promise<void> {
    this.spared = spared;
    return this.arm('answer');
  }

  /** @returns whether nothing has been cut since */
  disarm(): boolean {
    const { armed } = this;
    this.armed = undefined;
    return armed !== undefined;
  }

  /** Resolves when a query has been sent without its end; the connection stays open. */
  withholdSync(): Promise<void> {
    return this.arm('sync');
  }

  /** How many messages of clients have passed since the last `dieAt` or `heal`. */
  get passed(): number {
    return this.messages;
  }

  dieAt(death: Death): void {
    this.death = death;
    this.messages = 0;
  }

  /** Lets connections through again. @returns whether it had died */
  heal(): boolean {
    const { dead } = this;
    this.death = undefined;
    this.dead = false;
    this.messages = 0;

    return dead;
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

  private die(): void {
    this.dead = true;
    this.cut();
  }

  private join(client: Socket): void {
    if (this.dead) {
      client.on('error', () => undefined);
      client.destroy();
      return;
    }
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
    let last: Death | undefined;
    client.on('data', (chunk) => {
      this.messages += 1;
      last = this.messages === this.death?.messages ? this.death : undefined;
      if (last?.when === 'unsent') {
        this.die();
        return;
      }
      if (this.armed === 'answer') {
        doomed = this.spared === 0;
        if (doomed) this.armed = undefined;
        else this.spared -= 1;
      }
      const held = this.armed === 'sync' && chunk.subarray(-sync.length).equals(sync);
      server.write(held ? chunk.subarray(0, -sync.length) : chunk);
      if (held) {
        this.armed = undefined;
        this.fired();
      }
    });
    server.on('data', (chunk) => {
      // An answer may come when whoever asked has given up, and the death been called off.
      if (last !== undefined && last === this.death) {
        this.die();
        return;
      }
      if (!doomed) return void client.write(chunk);
      client.destroy();
      this.fired();
    });
  }
}
