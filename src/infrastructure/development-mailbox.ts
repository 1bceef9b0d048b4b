import type pg from 'pg';
import type { Clock } from '../application/ports/clock.js';
import { type CaughtMessage, DevelopmentMailbox } from '../application/ports/development-mailbox.js';
import {
  type Mail,
  MailTransport,
  type TextMessage,
  TextMessageTransport,
} from '../application/ports/mail-transport.js';
import { instant, type TenantId, type UserId } from '../domain/values.js';

type Row = Readonly<{ id: string; message: Omit<CaughtMessage, 'id' | 'at'>; received_at: Date }>;
type Owner = Readonly<{ tenant: TenantId; user: UserId }>;

const columns = 'id, message, received_at';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const caught = ({ id, message, received_at: at }: Row): CaughtMessage => ({
  ...message,
  id,
  at: instant(at.getTime()),
});

/** Messages in a table, in clear: for development only. */
export class PostgresDevelopmentMailbox extends DevelopmentMailbox {
  constructor(
    private readonly pool: pg.Pool,
    private readonly clock: Clock,
    private readonly capacity = 1_000,
  ) {
    super();
  }

  async list(max: number, to?: string): Promise<readonly CaughtMessage[]> {
    const { rows } = await this.pool.query<Row>(
      `select ${columns} from development_mailbox
        where $2::text is null or lower(message ->> 'to') = lower($2) order by sequence desc limit $1`,
      [max, to ?? null],
    );
    return rows.map(caught);
  }

  async get(id: string): Promise<CaughtMessage | undefined> {
    if (!uuid.test(id)) return undefined;
    const { rows } = await this.pool.query<Row>(`select ${columns} from development_mailbox where id = $1`, [id]);
    return rows.map(caught)[0];
  }

  /** The same message again changes nothing. */
  async put(id: string, { tenant, user }: Owner, message: Omit<CaughtMessage, 'id' | 'at'>): Promise<void> {
    await this.pool.query(
      `insert into development_mailbox (id, tenant, subject, message, received_at) values ($1, $2, $3, $4, $5)
       on conflict (id) do nothing`,
      [id, tenant, user, message, this.clock.now()],
    );
    await this.pool.query(
      'delete from development_mailbox where sequence <= (select max(sequence) - $1 from development_mailbox)',
      [this.capacity],
    );
  }
}

export class DevelopmentMailTransport extends MailTransport {
  constructor(private readonly mailbox: PostgresDevelopmentMailbox) {
    super();
  }

  send({ id, tenant, user, ...mail }: Mail): Promise<void> {
    return this.mailbox.put(id, { tenant, user }, { channel: 'mail', ...mail });
  }
}

export class DevelopmentTextMessageTransport extends TextMessageTransport {
  constructor(private readonly mailbox: PostgresDevelopmentMailbox) {
    super();
  }

  send({ id, tenant, user, ...message }: TextMessage): Promise<void> {
    return this.mailbox.put(id, { tenant, user }, { channel: 'text-message', ...message });
  }
}
