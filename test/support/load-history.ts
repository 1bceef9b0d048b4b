/** What is known of a fact: acknowledged, so that it stands in the log exactly once; or sent without a clear answer, so at most once. */
export type Certainty = 'once' | 'at-most-once';

/** Facts as clients know them, by a key that an event of the log has too: `session.started <session>`. */
export class LoadHistory {
  readonly facts = new Map<string, Certainty>();
  /** Things that must never happen, seen by a client. */
  readonly violations: string[] = [];
  /** Answers by status and problem code. */
  readonly answers = new Map<string, number>();
  /** Who got an address that several wanted, by address. */
  readonly winners = new Map<string, string[]>();
  /** How many sessions of a person there may be that no client knows. */
  readonly unclaimed = new Map<string, number>();
  private readonly counts = new Map<string, number>();
  acknowledged = 0;
  private readonly waiting: { count: number; reached: () => void }[] = [];

  /** A fact that was in doubt may become certain; one that was certain is never promised again. */
  expect(certainty: Certainty, ...keys: readonly string[]): void {
    for (const key of keys) {
      if (this.facts.get(key) === 'once') this.violated(`promised twice: ${key}`);
      this.facts.set(key, certainty);
    }
  }

  /** For facts without a name of their own: the next one of this kind. */
  expectAnother(kind: string): void {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    this.expect('once', `${kind} ${count}`);
  }

  /** A session that nobody knows the name of may have been started for this person. */
  mayHaveStarted(user: string): void {
    this.unclaimed.set(user, (this.unclaimed.get(user) ?? 0) + 1);
  }

  violated(what: string): void {
    this.violations.push(what);
  }

  answered(status: number, code: string): void {
    const key = code === '' ? `${status}` : `${status} ${code}`;
    this.answers.set(key, (this.answers.get(key) ?? 0) + 1);
  }

  acknowledge(): void {
    this.acknowledged += 1;
    for (const one of this.waiting.filter(({ count }) => count <= this.acknowledged)) one.reached();
  }

  /** Resolves when that many commands have been acknowledged. */
  reaches(count: number): Promise<void> {
    if (this.acknowledged >= count) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ count, reached: resolve }));
  }
}
