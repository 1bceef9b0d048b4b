import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { readPostmaster } from '../../src/infrastructure/postgres-supervisor/process-table.js';
import { stopServer } from '../../src/infrastructure/postgres-supervisor/stopping.js';
import { ask, CrashOutcomes, failure, living, SupervisorStage } from '../support/supervisor-stage.js';

describe('PostgresSupervisor', () => {
  const stage = new SupervisorStage();

  before(() => stage.prepare());
  afterEach(async () => expect(await stage.clear()).to.deep.equal([]));
  after(() => stage.strike());

  it('creates a cluster, keeps its data over a restart, and leaves no process and no socket behind', async () => {
    const directory = stage.folder();
    const first = stage.supervise(directory, { durability: 'durable' });
    const { connection } = await first.start();
    await ask(connection, 'CREATE TABLE facts AS SELECT 7 AS id');
    await first.stop();

    expect(living(directory)).to.deep.equal([]);
    expect(existsSync(connection.host)).to.equal(false);
    const again = await stage.supervise(directory).start();
    expect(await ask(again.connection, 'SELECT id FROM facts')).to.deep.equal([{ id: 7 }]);
  });

  it('is durable, private and in UTF-8 unless told otherwise', async () => {
    const { connection } = await stage.supervise(stage.folderWithCluster(), { durability: 'durable' }).start();
    const names = [
      'fsync',
      'synchronous_commit',
      'full_page_writes',
      'data_checksums',
      'server_encoding',
      'listen_addresses',
      'jit',
      'autovacuum',
    ];
    const values = await Promise.all(names.map(async (name) => (await ask(connection, `SHOW ${name}`))[0]?.[name]));

    expect(values).to.deep.equal(['on', 'on', 'on', 'on', 'UTF8', '', 'off', 'on']);
    expect(await ask(connection, 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user')).to.deep.equal([
      { rolsuper: false },
    ]);
    expect(statSync(connection.host).mode & 0o777).to.equal(0o700);
    expect(`${connection.host}/.s.PGSQL.5432`.length).to.be.lessThan(107);
  });

  it('takes over after a service and its server were killed together', async () => {
    const directory = stage.folderWithCluster();
    const { service, postmaster } = await stage.serve(directory);
    service.kill('SIGKILL');
    process.kill(postmaster, 'SIGKILL');
    await once(service, 'exit');

    const { connection } = await stage.supervise(directory).start();
    expect(await ask(connection, 'SELECT id FROM facts')).to.deep.equal([{ id: 1 }]);
  });

  it('takes over after a service was killed and its server lives on', async () => {
    const directory = stage.folderWithCluster();
    const { service, postmaster } = await stage.serve(directory);
    service.kill('SIGKILL');
    await once(service, 'exit');
    expect(living(directory)).to.include(postmaster);

    const supervisor = stage.supervise(directory);
    const { connection } = await supervisor.start();
    expect(await ask(connection, 'SELECT id FROM facts')).to.deep.equal([{ id: 1 }]);
    expect(living(directory)).not.to.include(postmaster);
  });

  it('starts the server again after it was killed, at the same address', async () => {
    const directory = stage.folderWithCluster();
    const outcomes = new CrashOutcomes();
    const { connection } = await stage.supervise(directory, { onCrash: outcomes.add }).start();
    await ask(connection, 'CREATE TABLE facts AS SELECT 7 AS id');

    for (const crashes of [1, 2]) {
      process.kill(readPostmaster(join(directory, 'postgres'))?.pid ?? 0, 'SIGKILL');
      expect(await outcomes.next()).to.deep.equal({ status: 'restarted', crashes });
      expect(await ask(connection, 'SELECT id FROM facts')).to.deep.equal([{ id: 7 }]);
    }
  });

  it('gives up a server that cannot start again, and says why', async () => {
    const directory = stage.folderWithCluster();
    const outcomes = new CrashOutcomes();
    await stage.supervise(directory, { onCrash: outcomes.add, crashLimit: 2 }).start();
    rmSync(join(directory, 'postgres', 'global', 'pg_control'));
    process.kill(readPostmaster(join(directory, 'postgres'))?.pid ?? 0, 'SIGKILL');

    const outcome = await outcomes.next();
    expect(outcome.status).to.equal('lost');
    expect(outcome.status === 'lost' ? outcome.error.message : '').to.match(
      /ended while it was starting.*\n.*postgres\.log[^]*pg_control/,
    );
  });

  it('keeps its server out of reach of Ctrl-C in the terminal of the service', async () => {
    const directory = stage.folder();
    const { service, postmaster } = await stage.serve(directory, { detached: true });
    process.kill(-(service.pid ?? 0), 'SIGINT');
    expect(await once(service, 'exit')).to.deep.equal([null, 'SIGINT']);

    const group = execFileSync('ps', ['-o', 'pgid=', '-p', String(postmaster)], { encoding: 'utf8' });
    expect(Number(group)).to.equal(postmaster);
    await stage.supervise(directory).start();
  });

  it('takes its server along when the service exits without stopping it, and leaves the exit code alone', async () => {
    const directory = stage.folder();
    const { service } = await stage.serve(directory);
    service.kill('SIGHUP');

    expect(await once(service, 'exit')).to.deep.equal([3, null]);
    while (living(directory).length > 0) await nextTurn();
    await stage.supervise(directory).start();
  });

  it('refuses a second service on the same directory and leaves the first alone', async () => {
    const directory = stage.folderWithCluster();
    const { service, postmaster } = await stage.serve(directory);
    const refusal = await failure(stage.supervise(directory).start());

    expect(refusal.name).to.equal('DataDirectoryInUse');
    expect(refusal.message).to.equal(
      `Another Annal service (pid ${service.pid}) is using ${directory}. Stop it, or give this one its own ANNAL_DATA.`,
    );
    expect(living(directory)).to.include(postmaster);
    service.kill('SIGTERM');
    expect(await once(service, 'exit')).to.deep.equal([0, null]);
    await stage.supervise(directory).start();
  });

  it('lets a command attach to the server of a live service, and leaves it running', async () => {
    const directory = stage.folderWithCluster();
    const { connection } = await stage.supervise(directory).start();
    const command = stage.supervise(directory);
    const attached = await command.attach();

    expect(attached.connection).to.deep.equal(connection);
    await command.stop();
    expect(await ask(connection, 'SELECT 1 AS id')).to.deep.equal([{ id: 1 }]);
  });

  it('starts a server for a command where no service runs, and stops it with the command', async () => {
    const directory = stage.folderWithCluster();
    const command = stage.supervise(directory);
    const { connection } = await command.attach();

    expect(await ask(connection, 'SELECT 1 AS id')).to.deep.equal([{ id: 1 }]);
    await command.stop();
    expect(living(directory)).to.deep.equal([]);
  });

  it('begins anew when the service was killed while it created the cluster', async () => {
    const directory = stage.folder();
    const { service, line } = stage.launch(directory);
    const drafts = (): string[] => readdirSync(directory).filter((name) => name.startsWith('postgres.new-'));
    await line('creating');
    while (!drafts().some((name) => existsSync(join(directory, name, 'PG_VERSION')))) await nextTurn();
    service.kill('SIGKILL');
    await once(service, 'exit');
    expect(existsSync(join(directory, 'postgres'))).to.equal(false);
    mkdirSync(join(directory, 'postgres.new-older'));

    const { connection } = await stage.supervise(directory).start();
    expect(await ask(connection, 'SELECT 1 AS id')).to.deep.equal([{ id: 1 }]);
    expect(drafts()).to.deep.equal([]);
  });

  it('stops in order when it is told to while it starts', async () => {
    const directory = stage.folder();
    const supervisor = stage.supervise(directory, { log: () => void supervisor.stop() });

    expect((await failure(supervisor.start())).message).to.match(/stopped while it was starting/);
    await supervisor.stop();
    expect(living(directory)).to.deep.equal([]);
  });

  it('ends a server process that has not entered its directory yet', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 60000)']);
    stage.endLater(child);
    await once(child, 'spawn');
    const postmaster = { pid: child.pid ?? 0, isAlive: () => child.exitCode === null && child.signalCode === null };
    await stopServer(join(stage.folder(), 'postgres'), postmaster, 'postgres');

    expect(child.signalCode).to.equal('SIGINT');
  });

  it('starts although the process id in a stale postmaster.pid is in use again', async () => {
    const directory = stage.folderWithCluster();
    const first = stage.supervise(directory);
    await first.start();
    const stale = readFileSync(join(directory, 'postgres', 'postmaster.pid'), 'utf8');
    await first.stop();
    const bystander = spawn(
      process.execPath,
      ['-e', 'setInterval(() => 0, 60000)'],
      statSync(join(directory, 'postgres')),
    );
    stage.endLater(bystander);
    writeFileSync(join(directory, 'postgres', 'postmaster.pid'), stale.replace(/^\d+/, String(bystander.pid)));

    const { connection } = await stage.supervise(directory).start();
    expect(await ask(connection, 'SELECT 1 AS id')).to.deep.equal([{ id: 1 }]);
    expect(bystander.exitCode).to.equal(null);
  });
});
