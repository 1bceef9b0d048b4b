import { expect } from 'chai';
import { type Position, streamName } from '../../src/application/ports/event-log.js';
import { aggregates } from '../../src/domain/catalogue.js';
import { type CredentialId, personal, secret, type TenantId, type UserId } from '../../src/domain/values.js';
import type { Database } from '../../src/infrastructure/database.js';
import { PostgresSnapshots } from '../../src/infrastructure/postgres-snapshots.js';
import { detach } from '../../src/infrastructure/vault/sealed-json.js';
import { inClear } from '../support/in-clear.js';
import { exampleEvents } from '../support/example-events.js';
import { MemoryVault } from '../support/memory-vault.js';
import { migratedDatabase } from '../support/vault-fixtures.js';

const tenant = '0190a1b2-0000-7000-8000-000000000001' as TenantId;
const user = 'u1' as UserId;
const credential = 'c1' as CredentialId;

/** What the loop below needs of any aggregate. */
type AnyAggregate = Readonly<{
  category: string;
  initial: unknown;
  evolve: Readonly<Record<string, (state: unknown, event: unknown) => unknown>>;
  events: Readonly<Record<string, unknown>>;
}>;

describe('PostgresSnapshots', () => {
  let database: Database;
  let close: () => Promise<void>;
  let vault: MemoryVault;
  let snapshots: PostgresSnapshots;

  before(async () => {
    ({ database, close } = await migratedDatabase());
  });
  after(() => close());

  beforeEach(async () => {
    await database.pool.query('delete from snapshots');
    vault = new MemoryVault();
    snapshots = new PostgresSnapshots(database.pool, vault);
    await vault.createTenant(tenant);
    await vault.createKey({ tenant, scope: 'person', id: user });
    await vault.createKey({ tenant, scope: 'credential', id: credential });
  });

  const stream = streamName('user', tenant, user);
  const state = {
    status: 'active',
    emails: [{ value: personal(user, 'ada@example.org'), verified: true }],
    password: secret(credential, { phc: '$argon2id$v=19$canary' }),
  };
  const change = (sql: string): Promise<unknown> => database.pool.query(`update snapshots set ${sql}`);

  it('gives back what was saved, the newest revision', async () => {
    expect(await snapshots.load(stream, 1)).to.equal(undefined);
    await snapshots.save(stream, 1, { state, revision: 5 });
    await snapshots.save(stream, 1, { state: { status: 'older' }, revision: 4 });
    expect(await snapshots.load(stream, 1)).to.deep.equal({ state, revision: 5 });
  });

  it('gives back the newest commands, where there were any', async () => {
    const commands = [
      ['c1', 'e1.7' as Position],
      ['c2', 'e1.9' as Position],
    ] as const;
    await snapshots.save(stream, 1, { state, revision: 5, commands });
    expect(await snapshots.load(stream, 1)).to.deep.equal({ state, revision: 5, commands });
    await snapshots.save(stream, 1, { state, revision: 6, commands: [] });
    expect(await snapshots.load(stream, 1)).to.deep.equal({ state, revision: 6, commands: [] });
  });

  it('stores nothing sealed in clear', async () => {
    await snapshots.save(stream, 1, { state, revision: 5 });
    const { rows } = await database.pool.query('select * from snapshots');
    expect(JSON.stringify(rows))
      .to.contain('$sealed')
      .and.not.match(/ada@|canary/);
  });

  for (const { category, initial, evolve, events } of Object.values(aggregates) as readonly AnyAggregate[]) {
    it(`takes every state of ${category}`, async () => {
      let folded = initial;
      for (const [revision, type] of Object.keys(events).entries()) {
        const event = exampleEvents[type as keyof typeof exampleEvents];
        folded = evolve[type]?.(folded, event);
        const { places } = detach({ state: folded });
        for (const { value } of places) await vault.createKey({ tenant, scope: value.scope, id: value.key });
        await snapshots.save(streamName(category, tenant, 'x'), 1, { state: folded, revision });
        const loaded = await snapshots.load(streamName(category, tenant, 'x'), 1);
        expect(inClear(loaded?.state), type).to.deep.equal(JSON.parse(JSON.stringify(inClear(folded))));
      }
    });
  }

  it('keeps a state of another schema from being read', async () => {
    await snapshots.save(stream, 2, { state, revision: 5 });
    await snapshots.save(stream, 1, { state, revision: 9 });
    expect(await snapshots.load(stream, 1)).to.equal(undefined);
    expect(await snapshots.load(stream, 2)).to.deep.equal({ state, revision: 5 });
  });

  for (const [what, sql] of [
    ['changed', `body = replace(body, 'active', 'locked')`],
    ['cut', 'body = left(body, 20)'],
    ['moved to another revision', 'revision = 6'],
    ['re-hashed by somebody', `body = replace(body, ':v1.', ':v1.f'), hash = sha256('x')`],
  ] as const) {
    it(`takes a row that was ${what} for none`, async () => {
      await snapshots.save(stream, 1, { state, revision: 5 });
      await change(sql);
      expect(await snapshots.load(stream, 1)).to.equal(undefined);
    });
  }

  it('takes a row whose sealed value belongs elsewhere for none, even with the right hash (PR-03)', async () => {
    await snapshots.save(stream, 1, { state, revision: 5 });
    const where = JSON.stringify(['snapshot', stream, 1, 6]);
    await change(`revision = 6, hash = sha256(convert_to('${where}' || body, 'UTF8'))`);
    expect(await snapshots.load(stream, 1)).to.equal(undefined);
  });

  it('opens a replaced credential as a sealed value without a value (PR-06)', async () => {
    await snapshots.save(stream, 1, { state, revision: 5 });
    await vault.destroyKey({ tenant, scope: 'credential', id: credential });
    const gone = { ...state, password: secret(credential, undefined) };
    expect(await snapshots.load(stream, 1)).to.deep.equal({ state: gone, revision: 5 });
    await snapshots.save(stream, 1, { state: gone, revision: 6 });
    expect(await snapshots.load(stream, 1)).to.deep.equal({ state: gone, revision: 6 });
    await snapshots.save(stream, 1, { state, revision: 7 });
    expect(await snapshots.load(stream, 1)).to.deep.equal({ state: gone, revision: 7 });
  });

  it('purges every snapshot that an erased person is in, and saves no new one (PR-01)', async () => {
    const [credentials, group] = [streamName('credentials', tenant, 'x'), streamName('group', tenant, 'g')];
    await snapshots.save(stream, 1, { state: {}, revision: 0 });
    await snapshots.save(credentials, 1, { state: { user }, revision: 0 });
    await snapshots.save(group, 1, { state: { members: [personal(user, 'Ada')] }, revision: 0 });
    await snapshots.save(streamName('user', tenant, 'other'), 1, { state: {}, revision: 0 });
    await vault.destroyKey({ tenant, scope: 'person', id: user });
    expect(await snapshots.purge('elsewhere' as TenantId, user)).to.equal(0);
    expect(await snapshots.purge(tenant, user)).to.equal(3);
    await snapshots.save(stream, 1, { state, revision: 9 });
    expect(await snapshots.load(stream, 1)).to.equal(undefined);
  });
});
