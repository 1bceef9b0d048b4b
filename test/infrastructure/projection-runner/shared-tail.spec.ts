import { expect } from 'chai';
import type { AllFilter, AllPage, Position, Recorded } from '../../../src/application/ports/event-log.js';
import { Growth } from '../../../src/infrastructure/projection-runner/growth.js';
import { SharedTail } from '../../../src/infrastructure/projection-runner/shared-tail.js';

const at = (number: number): Position => `epoch.${number}` as Position;
const numberOf = (position: Position | undefined): number => Number(position?.split('.')[1] ?? 0);

/** A log of events that have nothing but a position, which counts how often it is read. */
class CountedLog {
  reads = 0;
  private head = 0;

  constructor(private readonly growth: Growth) {}

  grow(events: number): void {
    this.head += events;
    this.growth.announce();
  }

  async readAll(after: Position | undefined, max: number, _filter?: AllFilter): Promise<AllPage> {
    this.reads += 1;
    const [from, upTo] = [numberOf(after), Math.min(this.head, numberOf(after) + max)];
    const stream = 'user-tenant_id';
    const events = Array.from(
      { length: upTo - from },
      (_, index) => ({ position: at(from + 1 + index), stream }) as Recorded,
    );
    return { events, upTo: at(upTo), atHead: upTo === this.head };
  }

  compare(left: Position, right: Position): number {
    return numberOf(left) - numberOf(right);
  }
}

/** Reads to the head and answers the positions that came by. */
async function toHead(tail: SharedTail, after: number): Promise<readonly number[]> {
  const seen: number[] = [];
  for (let position = at(after); ; ) {
    const page = await tail.readAll(position, 100, { categories: ['user'] });
    seen.push(...page.events.map((event) => numberOf(event.position)));
    position = page.upTo;
    if (page.atHead) return seen;
  }
}

describe('the tail of the log that followers share', () => {
  it('is read once for each growth, also where the log grows between those who read it', async () => {
    const growth = new Growth();
    const log = new CountedLog(growth);
    const tail = new SharedTail(log, growth);
    log.grow(1);
    // Two read the log itself at the same time and see another head each.
    const began = toHead(tail, 0);
    log.grow(1);
    await Promise.all([began, toHead(tail, 0)]);

    const before = log.reads;
    for (let head = 2; head < 22; head += 2) {
      log.grow(1);
      const early = await Promise.all([toHead(tail, head - 1), toHead(tail, head - 1)]);
      log.grow(1);
      const late = await Promise.all([toHead(tail, head), toHead(tail, head)]);
      const [one, other] = [
        [head, head + 1],
        [head + 1, head + 2],
      ];
      expect([...early, ...late]).to.deep.equal([one, one, other, other]);
    }
    expect(log.reads - before).to.equal(20);
  });

  it('comes along in steps where it is far behind, and leaves nothing out', async () => {
    const growth = new Growth();
    const log = new CountedLog(growth);
    const tail = new SharedTail(log, growth);
    log.grow(1);
    await toHead(tail, 1);
    log.grow(5_000);

    expect(await toHead(tail, 4_998)).to.deep.equal([4_999, 5_000, 5_001]);
    expect((await toHead(tail, 1)).length).to.equal(5_000);
  });
});
