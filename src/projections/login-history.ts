import type { Knex } from 'knex';
import type { SignInEvent } from '../domain/signin/signin.js';
import { reveal, type TenantId, type UserId } from '../domain/values.js';
import { type Columns, type Projection, tableName } from './projection.js';
import type { Recorded } from '../application/ports/event-log.js';

export type LoginRow = Readonly<{
  attempt: string;
  user_id: string | null;
  outcome: 'succeeded' | 'failed' | 'refused';
  reason: string | null;
  method: string;
  factors: readonly string[] | null;
  identifier: string;
  client: string;
  session: string | null;
  ip: string | null;
  user_agent: string | null;
  browser: string | null;
  operating_system: string | null;
  device: string | null;
  place: string | null;
  policy_revision: number;
  at: Date;
}>;

function attempted({ tenant, event }: Recorded<SignInEvent>): Columns {
  const { ip, userAgent, browser, operatingSystem, device, place } = reveal(event.origin) ?? {};
  return {
    tenant,
    attempt: event.attempt,
    user_id: event.user ?? null,
    method: event.method,
    identifier: event.identifier,
    client: event.client,
    ip: ip ?? null,
    user_agent: userAgent ?? null,
    browser: browser ?? null,
    operating_system: operatingSystem ?? null,
    device: device ?? null,
    place: place ?? null,
    policy_revision: event.policyRevision,
    at: event.at,
  };
}

/** Every attempt to sign in, for the person and for administrators. */
export const loginHistory: Projection<SignInEvent> = {
  name: 'login_history',
  version: 1,
  categories: ['signin'],
  key: ['tenant', 'attempt'],
  personal: { subject: 'user_id', columns: ['ip', 'user_agent', 'browser', 'operating_system', 'place'] },
  columns: (table) => {
    table.uuid('tenant').notNullable();
    table.text('attempt').notNullable();
    table.text('user_id');
    table.text('outcome').notNullable();
    table.text('reason');
    table.text('method').notNullable();
    table.specificType('factors', 'text[]');
    table.text('identifier').notNullable();
    table.text('client').notNullable();
    table.text('session');
    table.text('ip');
    table.text('user_agent');
    table.text('browser');
    table.text('operating_system');
    table.text('device');
    table.text('place');
    table.integer('policy_revision').notNullable();
    table.timestamp('at').notNullable();
    table.index(['tenant', 'user_id', 'at', 'attempt']);
    table.index(['tenant', 'at', 'attempt']);
  },
  on: {
    'signin.succeeded': (rows, recorded) => {
      const { session, factors } = recorded.event;
      rows.insert({ ...attempted(recorded), outcome: 'succeeded', reason: null, session, factors });
    },
    'signin.failed': (rows, recorded) =>
      rows.insert({
        ...attempted(recorded),
        outcome: 'failed',
        reason: recorded.event.reason,
        session: null,
        factors: null,
      }),
    'signin.refused': (rows, recorded) =>
      rows.insert({
        ...attempted(recorded),
        outcome: 'refused',
        reason: recorded.event.reason,
        session: null,
        factors: null,
      }),
  },
};

export type LoginFilter = Readonly<{ user?: string; outcome?: string; from?: string; to?: string }>;
export type LoginPlace = Readonly<{ at: string; attempt: string }>;

/** Newest first. */
export async function logins(
  knex: Knex,
  tenant: TenantId,
  filter: LoginFilter,
  limit: number,
  after?: LoginPlace,
): Promise<readonly LoginRow[]> {
  const query = knex(tableName(loginHistory))
    .where({ tenant })
    .orderBy([
      { column: 'at', order: 'desc' },
      { column: 'attempt', order: 'desc' },
    ]);
  if (filter.user !== undefined) query.where({ user_id: filter.user });
  if (filter.outcome !== undefined) query.where('outcome', filter.outcome);
  if (filter.from !== undefined) query.where('at', '>=', filter.from);
  if (filter.to !== undefined) query.where('at', '<', filter.to);
  if (after) query.whereRaw('(at, attempt) < (?, ?)', [after.at, after.attempt]);
  return query.limit(limit);
}

export type LastLogins = Readonly<{ lastSuccessful?: LoginRow; lastFailed?: LoginRow }>;

/** The newest success and failure of a person before the attempt at hand. */
export async function lastLogins(knex: Knex, tenant: TenantId, user: UserId, before: string): Promise<LastLogins> {
  const newest = (outcomes: readonly string[]): Knex.QueryBuilder =>
    knex(tableName(loginHistory))
      .select()
      .where({ tenant, user_id: user })
      .whereIn('outcome', outcomes)
      .where('at', '<', before)
      .orderBy('at', 'desc')
      .limit(1);
  const rows = (await newest(['succeeded']).unionAll([newest(['failed', 'refused'])], true)) as readonly LoginRow[];
  const lastSuccessful = rows.find(({ outcome }) => outcome === 'succeeded');
  const lastFailed = rows.find(({ outcome }) => outcome !== 'succeeded');
  return { ...(lastSuccessful && { lastSuccessful }), ...(lastFailed && { lastFailed }) };
}
