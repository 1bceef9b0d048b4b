import { once } from 'node:events';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import pg from 'pg';
import { readPostmaster } from '../../src/infrastructure/postgres-supervisor/process-table.js';
import { ServerLog } from '../../src/infrastructure/postgres-supervisor/server-log.js';
import { CrashOutcomes, failure, SupervisorStage } from '../support/supervisor-stage.js';

const canary = 'canary@example.com';

/** Everything that a server could be told to say about its statements. */
const talkative = `
log_statement = 'all'
log_duration = on
log_min_duration_statement = 0
log_min_messages = 'info'
log_min_error_statement = 'info'
log_error_verbosity = 'verbose'
log_parameter_max_length = -1
log_parameter_max_length_on_error = -1
`;

describe('What the PostgreSQL that comes with Annal says about what it is asked', () => {
  const stage = new SupervisorStage();

  before(() => stage.prepare());
  afterEach(async () => expect(await stage.clear()).to.deep.equal([]));
  after(() => stage.strike());

  it('is never what stood in a statement: not when it fails, and not when the server dies of it', async () => {
    const directory = stage.folderWithCluster();
    const outcomes = new CrashOutcomes();
    appendFileSync(join(directory, 'postgres', 'postgresql.auto.conf'), talkative);
    const supervisor = stage.supervise(directory, { onCrash: outcomes.add, crashLimit: 0 });
    const client = new pg.Client((await supervisor.start()).connection);
    client.on('error', () => undefined);
    await client.connect();
    await client.query('CREATE TABLE people (address text PRIMARY KEY)');
    await client.query('INSERT INTO people VALUES ($1)', [canary]);
    await client.query(`SELECT FROM people WHERE address = '${canary}'`);
    expect(await failure(client.query('INSERT INTO people VALUES ($1)', [canary]))).to.have.property('code', '23505');
    expect(await failure(client.query(`SELECT '${canary}'::int`))).to.have.property('code', '22P02');
    const begun = once(client, 'notice');
    const ended = failure(client.query(`DO $$ BEGIN RAISE NOTICE 'begun'; PERFORM pg_sleep(60), '${canary}'; END $$`));
    await begun;
    process.kill((client as unknown as { processID: number }).processID, 'SIGKILL');
    await ended;
    const written = (): string => readFileSync(join(directory, 'postgres.log'), 'utf8');
    while (!written().includes('terminated by signal 9')) await nextTurn();
    process.kill(readPostmaster(join(directory, 'postgres'))?.pid ?? 0, 'SIGKILL');

    const outcome = await outcomes.next();
    const passedOn = outcome.status === 'lost' ? outcome.error.message : '';
    expect(passedOn).to.match(/LOG: {2}(?:server process|client backend) \(PID \d+\) was terminated by signal 9/);
    expect(passedOn + written()).not.to.include(canary);
  });

  it('is passed on by level: messages of the server, not what follows them', () => {
    const directory = stage.folder();
    const file = join(directory, 'postgres.log');
    const log = new ServerLog(directory);
    log.handTo(() => undefined);
    const at = '2026-11-22 20:00:00.000 UTC [42]';
    writeFileSync(
      file,
      [
        'postgres: could not find the database system',
        `${at} LOG:  server process (PID 43) was terminated by signal 9: Killed`,
        `${at} DETAIL:  Failed process was running: SELECT '${canary}'`,
        `\t, '${canary}'`,
        `${at} ERROR:  invalid input syntax for type integer: "${canary}"`,
        `${at} CONTEXT:  unnamed portal parameter $1 = '${canary}'`,
        `${at} STATEMENT:  SELECT '${canary}'::int`,
        `${at} WARNING:  ${canary}`,
        `${at} DEBUG1:  ${canary}`,
        `${at} FATAL:  the database system is in recovery mode`,
        `${at} PANIC:  could not write to file`,
      ].join('\n'),
    );

    const passedOn = log.tail().split('\n').slice(2);
    expect(passedOn).to.deep.equal([
      '  postgres: could not find the database system',
      `  ${at} LOG:  server process (PID 43) was terminated by signal 9: Killed`,
      `  ${at} FATAL:  the database system is in recovery mode`,
      `  ${at} PANIC:  could not write to file`,
    ]);
  });
});
