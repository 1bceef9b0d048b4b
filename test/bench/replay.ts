import type { Container } from 'inversify';
import type pg from 'pg';
import { EventLog, type Position } from '../../src/application/ports/event-log.js';
import { Pool } from '../../src/composition-root/binding.js';
import { Leases } from '../../src/infrastructure/projection-runner/leases.js';
import { qualified } from '../../src/infrastructure/projection-runner/model-table.js';
import { ReadModelCatalog } from '../../src/infrastructure/projection-runner/read-model-catalog.js';
import { Refold, Refolds } from '../../src/infrastructure/projection-runner/refold.js';
import { scratchSchema } from '../../src/infrastructure/projection-runner/scratch.js';
import { newRootKey } from './annal-process.js';
import { BenchServer } from './bench-server.js';
import { type Figure, micros, perSecond, type Tell } from './measure.js';
import { onGround } from './ground.js';
import { longLog } from './long-log.js';
import { seed } from './seeding.js';

/** As operators rebuild. */
const page = 4_000;
/** The row per event with the most columns, indexes and sealed data stand for the heaviest; updates that merge for the simplest. */
const models = [
  { name: 'users', kind: 'simple', target: 50_000 },
  { name: 'login_history', kind: 'heavy: sealed origins, two indexes', target: 15_000 },
  { name: 'audit_trail', kind: 'heavy: a row with three indexes for every event', target: 15_000 },
] as const;

/** A long log into read models of their own, stopped in the middle by another process's lease and resumed. */
export async function benchReplay(tell: Tell): Promise<readonly Figure[]> {
  const server = await BenchServer.start();
  try {
    return await onGround(await server.database(), newRootKey(), async (container) => {
      const events = await seed(container, longLog, tell);
      const figures: Figure[] = [];
      for (const model of models) figures.push(await replay(container, model, events, tell));
      return figures;
    });
  } finally {
    await server.stop();
  }
}

async function replay(
  container: Container,
  { name, kind, target }: (typeof models)[number],
  events: number,
  tell: Tell,
): Promise<Figure> {
  tell(`${name} from ${events.toLocaleString('en')} events`);
  const pool = container.get<pg.Pool>(Pool);
  const log = container.get(EventLog);
  const [catalog, leases] = [container.get(ReadModelCatalog), container.get(Leases)];
  const model = catalog.named(name);
  const head = await log.head();
  const middle = head.replace(/\d+$/, (digits) => String(Number(digits) >> 1)) as Position;
  const [started, before] = [performance.now(), process.cpuUsage()];
  const first = await new Refolds(pool, log, catalog, leases).begin(
    model,
    await scratchSchema(pool, 'replay'),
    page,
    quiet,
  );
  await first.upTo(middle);
  // Nobody says good-bye: another takes the lease, and knows only what is stored.
  const follower = await catalog.follower(model, first.table.schema, quiet);
  const lease = await leases.seize(first.id);
  const second = new Refold(pool, log, leases, model, first.table, follower, lease, page, quiet);
  await second.upTo(head);
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(before);
  const exact = await isExact(pool, qualified(first.table), name);
  await second.drop();
  const [passed, applied] = [events / seconds, second.events / seconds];
  return {
    what: `replay into ${name} (${kind}), ${events.toLocaleString('en')} events in the log; stopped half-way, ${exact ? 'resumed exactly' : 'NOT resumed exactly'}`,
    measured: `${perSecond(passed)} of the log, ${perSecond(applied)} applied (${second.events.toLocaleString('en')}); ${micros((user + system) / second.events)} for each`,
    baseline: `${perSecond(target)} of the log wanted`,
    ratio: passed / target,
    target: `≥ ${perSecond(target)}`,
  };
}

const quiet = (): void => undefined;

/** What the table must hold, as the events themselves say. */
const held: Readonly<Record<(typeof models)[number]['name'], string>> = {
  users: "SELECT count(*) FROM events WHERE category = 'user' AND type = 'user.registered'",
  login_history: "SELECT count(*) FROM events WHERE category = 'signin'",
  audit_trail: 'SELECT count(*) FROM events',
};

async function isExact(pool: pg.Pool, table: string, name: keyof typeof held): Promise<boolean> {
  const { rows } = await pool.query<{ exact: boolean }>(
    `SELECT (SELECT count(*) FROM ${table}) = (${held[name]}) AS exact`,
  );
  return rows[0]?.exact === true;
}
