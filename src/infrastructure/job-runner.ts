import type pg from 'pg';
import type { Clock } from '../application/ports/clock.js';
import type { OperatorLog } from '../application/ports/operator-log.js';
import { type Instant, plusSeconds } from '../domain/values.js';

/** Something to be done again and again by one instance of the cluster; says how much it did. */
export type Job = Readonly<{ name: string; everySeconds: number; run: (at: Instant) => Promise<number> }>;

export type JobStatus = Readonly<{
  name: string;
  nextAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  outcome: string | null;
  affected: number | null;
}>;

/** Milliseconds between looks at what is due. */
const pollEvery = 15_000;

/** Runs jobs when they are due: one conditional update decides which instance does. A job that failed is due again after its period. */
export class JobRunner {
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: pg.Pool,
    private readonly jobs: readonly Job[],
    private readonly clock: Clock,
    private readonly log: OperatorLog,
  ) {}

  async start(): Promise<void> {
    const now = this.clock.now();
    for (const { name } of this.jobs) {
      await this.pool.query('INSERT INTO jobs (name, next_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING', [
        name,
        now,
      ]);
    }
    const look = (): void => {
      this.underWay = this.runDue().catch((error: unknown) => this.log.error('jobs-interrupted', {}, error));
    };
    this.timer = setInterval(look, pollEvery);
    look();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.underWay;
  }

  /** Runs everything that is due now, one after the other. */
  async runDue(): Promise<void> {
    for (const job of this.jobs) {
      const at = this.clock.now();
      const { rowCount } = await this.pool.query(
        'UPDATE jobs SET next_at = $2, started_at = $3, outcome = NULL WHERE name = $1 AND next_at <= $3',
        [job.name, plusSeconds(at, job.everySeconds), at],
      );
      if (rowCount === 1) await this.run(job, at);
    }
  }

  /** Runs one now, due or not. @throws where there is no such job */
  async trigger(name: string): Promise<void> {
    const job = this.jobs.find((one) => one.name === name);
    if (!job) throw new Error(`there is no job ${name}; there are ${this.jobs.map((one) => one.name).join(', ')}`);
    await this.run(job, this.clock.now());
  }

  async status(): Promise<readonly JobStatus[]> {
    const { rows } = await this.pool.query<JobStatus>(
      `SELECT name, next_at AS "nextAt", started_at AS "startedAt", finished_at AS "finishedAt", outcome, affected::int
         FROM jobs ORDER BY name`,
    );
    return rows;
  }

  private async run(job: Job, at: Instant): Promise<void> {
    try {
      const affected = await job.run(at);
      await this.finish(job.name, 'done', affected);
      if (affected > 0) this.log.info('job-done', { job: job.name, affected });
    } catch (error) {
      this.log.error('job-failed', { job: job.name }, error);
      await this.finish(job.name, 'failed', 0);
    }
  }

  private async finish(name: string, outcome: string, affected: number): Promise<void> {
    await this.pool.query('UPDATE jobs SET finished_at = $2, outcome = $3, affected = $4 WHERE name = $1', [
      name,
      this.clock.now(),
      outcome,
      affected,
    ]);
  }
}
