import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import type { Container } from 'inversify';
import type pg from 'pg';
import { EventLog, type Position, type Recorded } from '../../src/application/ports/event-log.js';
import { ReadModels } from '../../src/application/ports/read-models.js';
import { systemTenant } from '../../src/application/system-tenant.js';
import type { AnyEvent } from '../../src/domain/catalogue.js';
import { reveal } from '../../src/domain/values.js';
import { ReadModelOperations } from '../../src/infrastructure/projection-runner/read-model-operations.js';
import type { LoadHistory } from './load-history.js';

const pageSize = 2_000;
/** Milliseconds between two looks at something that is on its way. */
const look = 20;

/** Every event of the log, in order. */
export async function wholeLog(container: Container): Promise<readonly Recorded[]> {
  const log = container.get(EventLog);
  const events: Recorded[] = [];
  for (let after: Position | undefined; ; ) {
    const page = await log.readAll(after, pageSize);
    events.push(...page.events);
    after = page.upTo;
    if (page.atHead) return events;
  }
}

/** Returns once every read model has seen all that is in the log. */
export async function caughtUp(container: Container): Promise<void> {
  const models = container.get(ReadModels);
  while ((await models.status()).some(({ lag }) => lag > 0)) await pause(look);
}

/** I3: every stream counts from 0, without gaps. I2: no id and no command's fact stands twice in a stream. */
export function expectSoundStreams(events: readonly Recorded[]): void {
  const revisions = new Map<string, number>();
  const ids = new Set<string>();
  for (const { id, stream, revision } of events) {
    expect(revision, `revision in ${stream}`).to.equal((revisions.get(stream) ?? -1) + 1);
    revisions.set(stream, revision);
    expect(ids.has(id), `id ${id} of ${stream}`).to.equal(false);
    ids.add(id);
  }
}

const idOf = ({ stream }: Recorded): string => stream.slice(stream.indexOf('_') + 1);

/** Names facts as clients know them; those without a name of their own are counted. */
class Names {
  private readonly counts = new Map<string, number>();

  /** Undefined for facts that no client hears of. */
  of(recorded: Recorded): string | undefined {
    const event = recorded.event as AnyEvent;
    switch (event.type) {
      case 'user.registered':
      case 'credentials.password-set':
      case 'session.started':
      case 'session.ended':
      case 'grant.given':
        return `${event.type} ${idOf(recorded)}`;
      case 'grant.refreshed':
        return `${event.type} ${idOf(recorded)} ${event.generation}`;
      case 'signin.succeeded':
        return `${event.type} ${event.session}`;
      case 'user.profile-changed':
        return `${event.type} ${reveal(event.profile)?.lastName}`;
      case 'user.sessions-revoked':
      case 'credentials.password-changed':
        return this.counted(`${event.type} ${idOf(recorded)}`);
      default:
        return undefined;
    }
  }

  private counted(kind: string): string {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    return `${kind} ${count}`;
  }
}

/**
 * Whoever waited for an address may give up the account of a command that died before it came into being; the password
 * that was set for it opens nothing.
 */
function withoutStillborn(unasked: readonly Recorded[], events: readonly Recorded[]): readonly Recorded[] {
  const abandoned = new Set(events.filter(({ event }) => event.type === 'user.abandoned').map(idOf));
  return unasked.filter((one) => one.event.type !== 'credentials.password-set' || !abandoned.has(idOf(one)));
}

/** Sessions that started while nobody heard of it, beyond those that are known to be possible. */
function withoutUnclaimed(unasked: readonly Recorded[], { unclaimed }: LoadHistory): readonly Recorded[] {
  const left = new Map(
    [...unclaimed].flatMap(([user, count]) => [
      [`session.started ${user}`, count],
      [`grant.given ${user}`, count],
    ]),
  );
  return unasked.filter(({ event }) => {
    const key = `${event.type} ${(event as unknown as { user: string }).user}`;
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}

/**
 * I1 and I2: what was acknowledged stands in the log exactly once, what was only sent at most once, and nothing of these
 * kinds stands there that nobody asked for. Clients live in other tenants than `system`.
 */
export function expectHistory(events: readonly Recorded[], history: LoadHistory): void {
  const names = new Names();
  const found = new Map<string, readonly Recorded[]>();
  for (const recorded of events.filter(({ tenant }) => tenant !== systemTenant)) {
    const name = names.of(recorded);
    if (name !== undefined) found.set(name, [...(found.get(name) ?? []), recorded]);
  }
  const lost = [...history.facts].filter(([name, certainty]) => certainty === 'once' && !found.has(name));
  const doubled = [...found].filter(([, { length }]) => length > 1);
  const unasked = [...found].flatMap(([name, [first]]) => (first && !history.facts.has(name) ? [first] : []));

  expect(lost, 'acknowledged, but not in the log').to.deep.equal([]);
  expect(doubled, 'more than once in the log').to.deep.equal([]);
  expect(
    withoutUnclaimed(withoutStillborn(unasked, events), history),
    'in the log, but asked for by nobody',
  ).to.deep.equal([]);
  // Nobody may have got one: those who asked for it gave up each other's accounts, and an owner nobody knows of was unasked.
  expect(
    [...history.winners.values()].filter(({ length }) => length > 1),
    'addresses with several owners',
  ).to.deep.equal([]);
  expect(history.violations).to.deep.equal([]);
}

/** I4: every read model equals a fresh fold of the whole log. */
export async function expectModelsAsRebuilt(container: Container): Promise<void> {
  await caughtUp(container);
  for (const { model, differences, sample } of await container.get(ReadModelOperations).verifications.replayAll()) {
    expect({ model, differences, sample }).to.deep.equal({ model, differences: 0, sample: [] });
  }
}

/** I5: every event that has something to say said it once; nothing waits any more. */
export async function expectOneMessagePerEvent(pool: pg.Pool, events: readonly Recorded[]): Promise<void> {
  const last = events.at(-1)?.position;
  const seen = `select position from projection_checkpoints where model = 'outbox'`;
  while ((await pool.query<{ position: string }>(seen)).rows[0]?.position !== last) await pause(look);
  const count = async (query: string): Promise<number> => Number((await pool.query<{ n: string }>(query)).rows[0]?.n);
  while ((await count(`select count(*) as n from outbox_messages where status = 'waiting'`)) > 0) await pause(look);
  const changed = events.filter(({ event }) => event.type === 'credentials.password-changed').map(({ id }) => id);
  const { rows } = await pool.query<{ event_id: string; status: string }>(
    `select event_id, status from outbox_messages where kind = 'password-changed'`,
  );
  expect(rows.map(({ event_id: id }) => id).sort()).to.deep.equal(changed.sort());
  expect(new Set(rows.map(({ status }) => status))).to.deep.equal(new Set(changed.length > 0 ? ['sent'] : []));
  expect(
    await count(
      'select count(*) as n from (select 1 from outbox_messages group by event_id, lane having count(*) > 1) x',
    ),
  ).to.equal(0);
}

/** I6: at no position of the log is an identifier somebody's while it is somebody else's. */
export function expectUniqueIdentifiers(events: readonly Recorded[]): void {
  const holders = new Map<string, string>();
  for (const recorded of events) {
    const event = recorded.event as AnyEvent;
    if (event.type !== 'user.registered') continue;
    for (const { claim } of event.identifiers) {
      const key = `${recorded.tenant} ${claim}`;
      expect(holders.get(key), `holder of ${key} besides ${event.user}`).to.equal(undefined);
      holders.set(key, event.user);
    }
  }
}
