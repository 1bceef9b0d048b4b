import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { DatabaseConnection } from '../../src/infrastructure/postgres-supervisor/endpoint.js';
import { PostgresSupervisor } from '../../src/infrastructure/postgres-supervisor/postgres-supervisor.js';

/** A PostgreSQL that syncs to disk, as in production, in a folder of its own. `stop` leaves nothing behind. */
export class BenchServer {
  private databases = 0;

  static async start(): Promise<BenchServer> {
    const folder = mkdtempSync(join(tmpdir(), 'annal-bench-'));
    const supervisor = new PostgresSupervisor({ dataDirectory: folder, log: () => undefined, durability: 'durable' });
    const { connection } = await supervisor.start();
    return new BenchServer(folder, supervisor, connection);
  }

  private constructor(
    private readonly folder: string,
    private readonly supervisor: PostgresSupervisor,
    private readonly connection: DatabaseConnection,
  ) {}

  /** An empty database. */
  async database(): Promise<DatabaseConnection> {
    const name = `bench_${(this.databases += 1)}`;
    const client = new pg.Client(this.connection);
    await client.connect();
    await client.query(`CREATE DATABASE ${name} TEMPLATE template0`);
    await client.end();
    return { ...this.connection, database: name };
  }

  async stop(): Promise<void> {
    await this.supervisor.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** As DATABASE_URL has it. */
export function urlOf({ user, password, host, port, database }: DatabaseConnection): string {
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
  const socket = host.startsWith('/');
  const place = socket ? `localhost:${port}` : `${host}:${port}`;
  return `postgres://${user}${secret}@${place}/${database}${socket ? `?host=${encodeURIComponent(host)}` : ''}`;
}
