import type pg from 'pg';

/** Names the history of the log: made when the log is first used, renewed by whoever restores or copies it. */
export class LogEpoch {
  private known: string | undefined;

  constructor(private readonly pool: pg.Pool) {}

  current(): string {
    if (this.known === undefined) throw new Error('the log has not been started');

    return this.known;
  }

  async read(): Promise<void> {
    await this.pool.query("insert into log_epochs (engine) values ('eventstoredb') on conflict (engine) do nothing");
    const { rows } = await this.pool.query<{ epoch: string }>(
      "select epoch from log_epochs where engine = 'eventstoredb'",
    );
    for (const { epoch } of rows) this.learn(epoch);
  }

  async renew(): Promise<string> {
    await this.pool.query("update log_epochs set epoch = default where engine = 'eventstoredb'");
    await this.read();

    return this.current();
  }

  learn(epoch: string): void {
    this.known = epoch;
  }
}
