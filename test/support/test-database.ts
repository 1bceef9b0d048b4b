import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import {
  type BinarySource,
  installedBinaries,
  packagedBinaries,
} from '../../src/infrastructure/postgres-supervisor/binaries.js';
import { clusterDirectory } from '../../src/infrastructure/postgres-supervisor/cluster.js';
import type { DatabaseConnection } from '../../src/infrastructure/postgres-supervisor/endpoint.js';
import { PostgresSupervisor } from '../../src/infrastructure/postgres-supervisor/postgres-supervisor.js';
import { readPostmaster } from '../../src/infrastructure/postgres-supervisor/process-table.js';
import { stopOrphan } from '../../src/infrastructure/postgres-supervisor/stopping.js';

/** A throw-away server; `connection` fits `pg.PoolConfig` and names the database `annal`. */
export type TestServer = Readonly<{ connection: DatabaseConnection }>;

/** A database of its own for one spec; end your pool, then drop it. */
export type TestDatabase = Readonly<{ config: DatabaseConnection; drop(): Promise<void> }>;

const PREFIX = 'annal-test-';

let supervisor: PostgresSupervisor | undefined;
let server: Promise<TestServer> | undefined;
let directory: string | undefined;
let databases = 0;

/** ANNAL_TEST_POSTGRES=installed runs the specs on the PostgreSQL of the machine instead of the packaged one. */
export function binarySources(): readonly BinarySource[] {
  return process.env['ANNAL_TEST_POSTGRES'] === 'installed'
    ? [installedBinaries]
    : [packagedBinaries, installedBinaries];
}

/** The server of this mocha process: started on first use, stopped by the root hooks. */
export function testServer(): Promise<TestServer> {
  server ??= startTestServer();

  return server;
}

/** Creates a database with a name of its own: empty, or a copy of one that nobody is connected to. */
export async function freshDatabase(template = 'template0'): Promise<TestDatabase> {
  const { connection } = await testServer();
  const config = { ...connection, database: `test_${(databases += 1)}` };
  await administer(`CREATE DATABASE ${config.database} TEMPLATE ${template}`);

  return { config, drop: () => administer(`DROP DATABASE IF EXISTS ${config.database} WITH (FORCE)`) };
}

export async function stopTestServer(): Promise<void> {
  await supervisor?.stop();
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
}

async function startTestServer(): Promise<TestServer> {
  await sweep();
  directory = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  supervisor = new PostgresSupervisor({
    dataDirectory: directory,
    log: () => undefined,
    durability: 'throw-away',
    binarySources: binarySources(),
  });

  return supervisor.start();
}

async function administer(statement: string): Promise<void> {
  const { connection } = await testServer();
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await repeatedly(() => client.query(statement));
  } finally {
    await client.end();
  }
}

/** Only a superuser may end autovacuum, which is in the way of a drop for moments. */
async function repeatedly(statement: () => Promise<unknown>, tries = 50): Promise<void> {
  try {
    await statement();
  } catch (error) {
    const inTheWay = error instanceof pg.DatabaseError && (error.code === '42501' || error.code === '55006');
    if (!inTheWay || tries === 0) throw error;
    await new Promise((resolve) => setTimeout(resolve, 50));
    await repeatedly(statement, tries - 1);
  }
}

/** Ends the servers of test runs that were killed. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const pid = Number(name.slice(PREFIX.length).split('-')[0]);
    if (Number.isInteger(pid) && pid > 0 && !isAlive(pid)) {
      const abandoned = join(tmpdir(), name);
      const socketDirectory = readPostmaster(clusterDirectory(abandoned))?.socketDirectory;
      await stopOrphan(abandoned, 'postgres');
      if (socketDirectory?.startsWith(tmpdir()) === true) rmSync(socketDirectory, { recursive: true, force: true });
      rmSync(abandoned, { recursive: true, force: true });
    }
  }
}

/** Whether a process of that id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
