import { type StreamName, streamName } from '../../../src/application/ports/event-log.js';
import type { Cases, Message } from '../../../src/domain/decider.js';
import type { TenantId } from '../../../src/domain/values.js';
import type { Columns, InlineModel, Projection } from '../../../src/projections/projection.js';

export const acme = '018f6b1e-0000-7000-8000-00000000aaaa' as TenantId;
export const globex = '018f6b1e-0000-7000-8000-00000000bbbb' as TenantId;

export type AccountEvent =
  | Message<'account.opened', { name: string; team: string; tags: readonly string[] }>
  | Message<'account.renamed', { name: string }>
  | Message<'account.visited'>
  | Message<'account.noted', { note: string | null }>
  | Message<'account.closed'>
  | Message<'team.moved', { from: string; to: string }>
  | Message<'team.dissolved', { team: string }>;

export type DoorEvent = Message<'door.built', { wood: string }> | Message<'door.opened'> | Message<'door.shut'>;
type Door = Readonly<{ wood: string | null; open: boolean; moves: number }>;

/** An aggregate with nothing but its fold. */
export const door: Readonly<{ initial: Door; evolve: Cases<DoorEvent, Door, Door> }> = {
  initial: { wood: null, open: false, moves: 0 },
  evolve: {
    'door.built': (state, { wood }) => ({ ...state, wood }),
    'door.opened': (state) => ({ ...state, open: true, moves: state.moves + 1 }),
    'door.shut': (state) => ({ ...state, open: false, moves: state.moves + 1 }),
  },
};

export const doors: InlineModel<Door> = {
  name: 'doors',
  version: 1,
  category: 'door',
  columns: (table) => {
    table.text('wood');
    table.boolean('open').notNullable();
    table.integer('moves').notNullable();
  },
  row: ({ wood, open, moves }) => ({ wood, open, moves }),
};

export type SpecEvent = AccountEvent | DoorEvent;

/** Uses everything that handlers may do to rows. */
export const accounts: Projection<AccountEvent> = {
  name: 'accounts',
  version: 1,
  categories: ['account', 'team'],
  key: ['tenant', 'id'],
  columns: (table) => {
    table.uuid('tenant').notNullable();
    table.text('id').notNullable();
    table.text('name').nullable();
    table.text('team').nullable();
    table.specificType('tags', 'text[]').notNullable().defaultTo('{}');
    table.integer('visits').notNullable().defaultTo(0);
    table.integer('notes').notNullable().defaultTo(0);
    table.jsonb('details').nullable();
    table.timestamp('changed_at').nullable();
    table.index(['tenant', 'team']);
  },
  personal: { subject: 'id', columns: ['name'] },
  on: {
    'account.opened': (rows, { event, tenant, stream, occurredAt }) =>
      rows.insert({ tenant, id: stream, name: event.name, team: event.team, tags: event.tags, changed_at: occurredAt }),
    'account.renamed': (rows, { event, tenant, stream, occurredAt }) =>
      rows.update({ tenant, id: stream }, { name: event.name, changed_at: occurredAt }),
    'account.visited': (rows, { tenant, stream }) => rows.increment({ tenant, id: stream }, 'visits', 1),
    'account.noted': (rows, { event, tenant, stream }) => {
      rows.upsert({ tenant, id: stream }, { details: JSON.stringify({ note: event.note }) });
      rows.increment({ tenant, id: stream }, 'notes', 2);
    },
    'account.closed': (rows, { tenant, stream }) => rows.delete({ tenant, id: stream }),
    'team.moved': (rows, { event, tenant }) => rows.updateWhere({ tenant, team: event.from }, { team: event.to }),
    'team.dissolved': (rows, { event, tenant }) => rows.deleteWhere({ tenant, team: event.team }),
  },
};

/** A row for every event of the log. */
export const journal: Projection = {
  name: 'journal',
  version: 1,
  categories: 'all',
  key: ['event'],
  columns: (table) => {
    table.uuid('event').notNullable();
    table.text('type').notNullable();
  },
  on: (rows, { id, event }) => rows.insert({ event: id, type: event.type }),
};

export const accountDefaults: Columns = {
  name: null,
  team: null,
  tags: [],
  visits: 0,
  notes: 0,
  details: null,
  changed_at: null,
};

export const doorStream = (id: string, tenant = acme): StreamName => streamName('door', tenant, id);
export const account = (id: string, tenant = acme): StreamName => streamName('account', tenant, id);
export const team = (id: string, tenant = acme): StreamName => streamName('team', tenant, id);
