import { hash } from 'node:crypto';
import type pg from 'pg';
import { parseStreamName, type StreamName } from '../application/ports/event-log.js';
import { type Snapshot, Snapshots } from '../application/ports/snapshots.js';
import { KeyMissing, SealBroken } from '../application/ports/vault.js';
import { Sealed, type TenantId } from '../domain/values.js';
import type { BulkVault } from './vault/bulk-vault.js';
import { type ClearPlace, detach, locate, marker, put, type SealedPlace } from './vault/sealed-json.js';
import { openPlaces, refOf, refsOf, sealPlaces } from './vault/sealed-places.js';

type Row = { revision: number; body: string; hash: Buffer };
/** The state stands in an object of its own, so that it may be anything. */
type Body = Pick<Snapshot, 'state' | 'commands'>;

const upsert = `
  insert into snapshots (stream, tenant, subjects, schema, revision, body, hash) values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (stream) do update
     set subjects = excluded.subjects, schema = excluded.schema, revision = excluded.revision,
         body = excluded.body, hash = excluded.hash
   where (snapshots.schema, snapshots.revision) < (excluded.schema, excluded.revision)`;

const place = (stream: StreamName, schema: number, revision: number): string =>
  JSON.stringify(['snapshot', stream, schema, revision]);

const digest = (where: string, body: string): Buffer => hash('sha256', `${where}${body}`, 'buffer');

/** Snapshots in PostgreSQL: one per stream, the newest schema and revision win. */
export class PostgresSnapshots extends Snapshots {
  constructor(
    private readonly pool: pg.Pool,
    private readonly vault: BulkVault,
  ) {
    super();
  }

  async load(stream: StreamName, schema: number): Promise<Snapshot | undefined> {
    const { rows } = await this.pool.query<Row>({
      name: 'snapshot-load',
      text: 'select revision, body, hash from snapshots where stream = $1 and schema = $2',
      values: [stream, schema],
    });
    const row = rows[0];
    if (row === undefined) return undefined;
    const where = place(stream, schema, row.revision);
    if (!digest(where, row.body).equals(row.hash)) return undefined;

    return this.open(parseStreamName(stream).tenant, where, row);
  }

  /** Nothing is saved once a person in it was erased. A replaced credential leaves a sealed value without a value. */
  async save(stream: StreamName, schema: number, { state, revision, commands }: Snapshot): Promise<void> {
    const { tenant, id } = parseStreamName(stream);
    const where = place(stream, schema, revision);
    const { json, places } = detach({ state, ...(commands && { commands }) });
    const present = places.filter(({ value }) => value.value !== undefined);
    const keyring = await this.vault.keysToSeal(refsOf(tenant, present));
    const living = present.filter(({ value }) => keyring.holds(refOf(tenant, value)));
    if (present.some((found) => found.value.scope === 'person' && !living.includes(found))) return;

    for (const found of places) put(found, marker(found.value.scope, found.value.key, ''));
    sealPlaces(living, keyring, tenant, where);
    const body = JSON.stringify(json);
    await this.pool.query({
      name: 'snapshot-save',
      text: upsert,
      values: [stream, tenant, subjectsOf(id, state, places), schema, revision, body, digest(where, body)],
    });
  }

  /** Deletes every snapshot that a person appears in. @returns how many */
  async purge(tenant: TenantId, subject: string): Promise<number> {
    const { rowCount } = await this.pool.query('delete from snapshots where subjects @> array[$2] and tenant = $1', [
      tenant,
      subject,
    ]);
    return rowCount ?? 0;
  }

  private async open(tenant: TenantId, where: string, { body, revision }: Row): Promise<Snapshot | undefined> {
    try {
      const json = JSON.parse(body) as Body;
      const places = locate(json);
      const [living, gone] = [places.filter(hasText), places.filter((found) => !hasText(found))];
      openPlaces(living, await this.vault.keysToOpen(refsOf(tenant, living)), tenant, where);
      for (const found of gone) put(found, new Sealed(found.scope, found.id, undefined));
      const { state, commands } = json;
      return { state, revision, ...(commands && { commands }) };
    } catch (error) {
      if (error instanceof SealBroken || error instanceof KeyMissing || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}

const hasText = ({ text }: SealedPlace): boolean => text !== '';

/** The stream's own id, the state's `user`, and everybody whose key seals something in it. */
function subjectsOf(id: string, state: unknown, places: readonly ClearPlace[]): readonly string[] {
  const user = typeof state === 'object' && state !== null && 'user' in state ? state.user : undefined;
  const people = places.filter(({ value }) => value.scope === 'person').map(({ value }) => value.key);
  return [...new Set([id, ...(typeof user === 'string' ? [user] : []), ...people])];
}
