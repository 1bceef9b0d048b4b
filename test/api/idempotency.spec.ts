import { expect } from 'chai';
import type pg from 'pg';
import { CommandRejected } from '../../src/application/command-rejected.js';
import { LogUnavailable } from '../../src/application/ports/event-log.js';
import type { TenantId } from '../../src/domain/values.js';
import { Database } from '../../src/infrastructure/database.js';
import { idempotency as migration } from '../../src/infrastructure/migrations/0005-idempotency.js';
import { idempotencyPeople } from '../../src/infrastructure/migrations/0014-idempotency-people.js';
import { migrate } from '../../src/infrastructure/migrations/migrate.js';
import { PostgresIdempotency } from '../../src/infrastructure/postgres-idempotency.js';
import { MemoryVault } from '../support/memory-vault.js';
import { freshDatabase, type TestDatabase } from '../support/test-database.js';
import { people, SampleHost, userToken } from './sample-host.js';
import { SampleClock, tenantIds } from './sample-service.js';

const ada = { email: 'ada@example.com' };

describe('Idempotency-Key over HTTP, with two instances on one database', () => {
  let test: TestDatabase;
  let database: Database;
  let pool: pg.Pool;
  let hosts: readonly [SampleHost, SampleHost];
  let keys = 0;
  const freshKey = () => `key-number-${String((keys += 1)).padStart(8, '0')}`;
  const vault = new MemoryVault();

  before(async () => {
    test = await freshDatabase();
    database = new Database(test.config);
    await migrate(database, [migration, idempotencyPeople]);
    pool = database.pool;
    const store = () => new PostgresIdempotency(pool, vault, new SampleClock());
    hosts = [new SampleHost(store(), vault), new SampleHost(store(), vault)];
    for (const tenant of Object.values(tenantIds)) {
      await vault.createTenant(tenant as TenantId);
      for (const id of ['ada', 'eve']) await vault.createKey({ tenant: tenant as TenantId, scope: 'person', id });
    }
    await Promise.all(hosts.map((host) => host.start()));
  });
  after(async () => {
    await Promise.all(hosts.map((host) => host.stop()));
    await database.close();
    await test.drop();
  });
  beforeEach(() => {
    for (const host of hosts) {
      host.services.effects.length = 0;
      host.services.before = async () => undefined;
    }
  });

  const send = (host: SampleHost, key: string, json: unknown = ada, token = userToken, path = people) =>
    host.request('POST', path, { token, json, headers: { 'idempotency-key': key } });
  const effects = () => hosts.flatMap((host) => host.services.effects);
  const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

  it('carries a request out once and repeats its answer, header fields included, from either instance', async () => {
    const key = freshKey();
    const first = await send(hosts[0], key);
    const again = await send(hosts[1], `"${key}"`);
    expect(await again.text()).to.equal(await first.text());
    for (const name of ['etag', 'location', 'annal-position', 'content-type']) {
      expect(again.headers.get(name), name).to.equal(first.headers.get(name)).and.not.to.equal(null);
    }
    expect([first.status, again.status]).to.deep.equal([201, 201]);
    expect(effects()).to.have.length(1);
  });

  it('lets one of 40 duplicates that race over two instances take effect; the others wait or get its answer', async () => {
    for (let round = 0; round < 10; round += 1) {
      for (const host of hosts) host.services.effects.length = 0;
      const key = freshKey();
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, index) => send(hosts[index % 2 === 0 ? 0 : 1], key)),
      );
      expect(effects()).to.have.length(1);
      for (const answer of answers) {
        if (answer.status === 409) {
          expect(answer.headers.get('retry-after')).to.match(/^[12]$/);
          expect(await codeOf(answer)).to.equal('request-in-progress');
        } else {
          expect(answer.status).to.equal(201);
        }
      }
      expect((await send(hosts[1], key)).status).to.equal(201);
    }
  });

  it('answers 409 while the first one runs', async () => {
    const key = freshKey();
    let leave = (): void => undefined;
    let entered = (): void => undefined;
    const isInside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    hosts[0].services.before = () => {
      entered();
      return new Promise((resolve) => {
        leave = resolve;
      });
    };
    const first = send(hosts[0], key);
    await isInside;
    expect(await codeOf(await send(hosts[1], key))).to.equal('request-in-progress');
    leave();
    expect((await first).status).to.equal(201);
  });

  it('refuses the key for another body, and keeps keys of other actors, tenants and routes apart', async () => {
    const key = freshKey();
    await send(hosts[0], key);
    const other = await send(hosts[1], key, { email: 'eve@example.com' });
    expect([other.status, await codeOf(other)]).to.deep.equal([422, 'idempotency-key-reused']);
    expect((await send(hosts[1], key, ada, 'acme:eve:user')).status).to.equal(201);
    expect((await send(hosts[1], key, ada, 'other:ada:user', '/t/other/api/v1/people')).status).to.equal(201);
    const ids = effects().map(({ commandId }) => commandId);
    expect(new Set(ids).size).to.equal(3);
    for (const id of ids) expect(id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('repeats a refusal too', async () => {
    const key = freshKey();
    hosts[0].services.before = () => Promise.reject(new CommandRejected('identifier-taken'));
    expect(await codeOf(await send(hosts[0], key))).to.equal('identifier-taken');
    expect(await codeOf(await send(hosts[1], key))).to.equal('identifier-taken');
    expect(effects()).to.have.length(0);
  });

  it('tries again after a failure that may pass, as the same command', async () => {
    const key = freshKey();
    for (const failure of [new LogUnavailable('down'), new Error('a bug'), new CommandRejected('claim-lost')]) {
      hosts[0].services.before = () => Promise.reject(failure);
      expect((await send(hosts[0], key)).status).to.be.oneOf([409, 500, 503]);
    }
    expect((await send(hosts[1], key)).status).to.equal(201);
    const [once] = effects();
    await pool.query('truncate idempotency');
    await send(hosts[1], key);
    expect(effects().map(({ commandId }) => commandId)).to.deep.equal([once?.commandId, once?.commandId]);
  });

  it('runs a request whose first try died as the same command, once its claim has lapsed', async () => {
    const key = freshKey();
    await send(hosts[0], key);
    await pool.query("update idempotency set sealed = null, leased_until = timestamptz '2020-01-01'");
    expect((await send(hosts[1], key)).status).to.equal(201);
    const [first, second] = effects();
    expect(second?.commandId).to.equal(first?.commandId);
  });

  it('answers what was done even when the record cannot be written', async () => {
    const key = freshKey();
    hosts[0].services.before = async () => {
      await pool.query('alter table idempotency rename to hidden');
    };
    const answer = await send(hosts[0], key);
    await pool.query('alter table hidden rename to idempotency');
    expect(answer.status).to.equal(201);
    expect(hosts[0].log.lines.map(({ event }) => event)).to.include('idempotency-record-failed');
  });

  it('stores no clear answer: what comes from the database without its key is not repeated', async () => {
    const key = freshKey();
    await send(hosts[0], key, { email: 'canary@example.com' });
    const { rows } = await pool.query<{ row: string }>('select idempotency::text as row from idempotency');
    expect(rows.map(({ row }) => row).join()).not.to.contain('canary');
    await pool.query(
      "update idempotency set sealed = substr(sealed, 1, length(sealed) - 4) || 'AAAA' where sealed is not null",
    );
    expect((await send(hosts[0], key, { email: 'canary@example.com' })).status).to.equal(500);
  });
});
