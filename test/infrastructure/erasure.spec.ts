import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { type Recorded, streamName } from '../../src/application/ports/event-log.js';
import { catalogue } from '../../src/domain/catalogue.js';
import type { Message } from '../../src/domain/decider.js';
import {
  type CredentialId,
  type Instant,
  personal,
  secret,
  type TenantId,
  type UserId,
} from '../../src/domain/values.js';
import { EventCodec } from '../../src/infrastructure/event-log/codec.js';
import { SealedEventLog } from '../../src/infrastructure/event-log/sealed-event-log.js';
import { upcasters } from '../../src/infrastructure/event-log/upcasters.js';
import { PostgresSnapshots } from '../../src/infrastructure/postgres-snapshots.js';
import { SystemClock } from '../../src/infrastructure/system-clock.js';
import { FileErasureLedger } from '../../src/infrastructure/vault/file-erasure-ledger.js';
import { PostgresVault } from '../../src/infrastructure/vault/postgres-vault.js';
import { inClear } from '../support/in-clear.js';
import { type PostgresLogFixture, postgresLog } from '../support/postgres-log.js';
import { rootKeys, temporaryFolder } from '../support/vault-fixtures.js';

const tenant = '0190a1b2-0000-7000-8000-000000000001' as TenantId;
const at = '2026-07-01T10:00:00.000Z' as Instant;
const ada = '0190a1b2-0000-7000-8000-0000000000a1' as UserId;
const bob = '0190a1b2-0000-7000-8000-0000000000b0' as UserId;

describe('a person in the log, the snapshots and the vault', () => {
  const folder = temporaryFolder();
  let fixture: PostgresLogFixture;
  let ledger: FileErasureLedger;
  let vault: PostgresVault;
  let log: SealedEventLog;
  let snapshots: PostgresSnapshots;

  before(async () => {
    fixture = await postgresLog();
    ledger = new FileErasureLedger(folder.path);
    vault = new PostgresVault(fixture.database, rootKeys(), ledger, new SystemClock());
    log = new SealedEventLog(fixture.engine, new EventCodec(catalogue, upcasters, vault));
    snapshots = new PostgresSnapshots(fixture.pool, vault);
    await vault.createTenant(tenant);
    for (const user of [ada, bob]) await write(user);
  });

  after(async () => {
    await fixture.close();
    folder.remove();
  });

  const verifier = (user: UserId, number: number): CredentialId => `${user}-${number}` as CredentialId;

  /** Registers a person, sets a password and changes it, with a canary in everything that is to be protected. */
  async function write(user: UserId): Promise<void> {
    const canary = (what: string): string => `CANARY-${what}-${user}`;
    await vault.createKey({ tenant, scope: 'person', id: user });
    for (const number of [1, 2]) await vault.createKey({ tenant, scope: 'credential', id: verifier(user, number) });
    const password = (number: number): object => ({
      user,
      at,
      credential: verifier(user, number),
      verifier: secret(verifier(user, number), { phc: canary(`phc-${number}`) }),
      policyRevision: 1,
    });
    const events: readonly Message[] = [
      {
        type: 'user.profile-changed',
        ...{ user, at, profile: personal(user, { firstName: canary('name') }), locale: 'en' },
      },
      { type: 'credentials.password-set', ...password(1) },
      { type: 'credentials.password-changed', ...password(2) },
    ];
    const actor = { kind: 'user', tenant, id: user } as const;
    const context = { tenant, actor, commandId: user, correlationId: user, at };
    await log.append({ stream: streamName('user', tenant, user), expectedRevision: -1, events, context, inline: [] });
    const state = { user, events };
    await snapshots.save(streamName('user', tenant, user), 1, { state, revision: 2 });
    await vault.destroyKey({ tenant, scope: 'credential', id: verifier(user, 1) });
  }

  const replay = async (): Promise<readonly Recorded[]> => (await log.readAll(undefined, 100)).events;

  const clear = (recorded: Recorded): string => JSON.stringify(inClear(recorded.event));

  /** Every row of every table, and what stands in the data folder. */
  async function dump(): Promise<string> {
    const { rows: tables } = await fixture.pool.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    const parts = [readFileSync(ledger.path, 'utf8')];
    for (const { name } of tables) {
      const { rows } = await fixture.pool.query<{ row: string }>(`select t::text as row from ${name} t`);
      parts.push(...rows.map(({ row }) => row));
    }
    return parts.join('\n');
  }

  it('stands nowhere in clear (PR-01)', async () => {
    const text = await dump();
    expect(text).to.contain(ada).and.not.contain('CANARY');
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      expect(text).not.to.contain(Buffer.from('CANARY').toString(encoding));
    }
  });

  it('has only its current verifier (PR-06)', async () => {
    const events = await replay();
    expect(events).to.have.length(6);
    const all = events.map(clear).join();
    expect(all).to.contain(`CANARY-phc-2-${ada}`).and.not.contain('CANARY-phc-1');
  });

  it('is gone after erasure, and everything else reads as before (PR-02)', async () => {
    const before = await replay();
    for (const ref of [{ scope: 'person', id: ada } as const, { scope: 'credential', id: verifier(ada, 2) } as const]) {
      await vault.destroyKey({ tenant, ...ref });
    }
    expect(await snapshots.purge(tenant, ada)).to.equal(1);
    const after = await replay();

    expect(after.map(({ id, revision, position }) => [id, revision, position])).to.deep.equal(
      before.map(({ id, revision, position }) => [id, revision, position]),
    );
    expect(after.map(clear).join()).not.to.match(new RegExp(`CANARY-[^"]*${ada}`));
    const ofBob = (events: readonly Recorded[]): readonly string[] =>
      events.filter(({ subjects }) => subjects.includes(bob)).map(clear);
    expect(ofBob(after)).to.deep.equal(ofBob(before)).and.to.have.length(3);
    expect(await snapshots.load(streamName('user', tenant, ada), 1)).to.equal(undefined);
    expect(await dump()).not.to.contain('CANARY');
  });
});
