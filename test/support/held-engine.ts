import {
  type EngineAppend,
  type EngineAppended,
  type EngineFilter,
  LogEngine,
} from '../../src/infrastructure/event-log/log-engine.js';
import { type InlineRow, LogUnavailable } from '../../src/application/ports/event-log.js';

type Wait = { category: string; reached: () => void; until: Promise<void> };

/** An append that waits where it is told to, as that of a process which is paused, or of one that never comes back. */
export type Held = Readonly<{ reached: Promise<void>; release: () => void }>;

/** The engine of a process that can be stopped in its tracks before an append. */
export class HeldEngine extends LogEngine {
  private waiting: Wait | undefined;
  private losing: string | undefined;

  constructor(private readonly engine: LogEngine) {
    super();
  }

  /** The next append to a stream of this category waits. */
  hold(category: string): Held {
    const [reached, until] = [signal(), signal()];
    this.waiting = { category, reached: reached.give, until: until.given };
    return { reached: reached.given, release: until.give };
  }

  /** The next append to a stream of this category is written, and nobody hears of it. */
  loseAnswer(category: string): void {
    this.losing = category;
  }

  override async append(append: EngineAppend): Promise<EngineAppended> {
    const { waiting } = this;
    if (waiting && append.stream.startsWith(`${waiting.category}-`)) {
      this.waiting = undefined;
      waiting.reached();
      await waiting.until;
    }
    const appended = await this.engine.append(append);
    if (this.losing === undefined || !append.stream.startsWith(`${this.losing}-`)) return appended;
    this.losing = undefined;
    throw new LogUnavailable('the answer was lost');
  }

  override start(): Promise<void> {
    return this.engine.start();
  }

  override stop(): Promise<void> {
    return this.engine.stop();
  }

  override epoch(): string {
    return this.engine.epoch();
  }

  override confirm(inline: readonly InlineRow[]): Promise<void> {
    return this.engine.confirm(inline);
  }

  override read(stream: string, from: number, max: number) {
    return this.engine.read(stream, from, max);
  }

  override readBackwards(stream: string, max: number) {
    return this.engine.readBackwards(stream, max);
  }

  override readAll(after: bigint, max: number, filter?: EngineFilter) {
    return this.engine.readAll(after, max, filter);
  }

  override readAllBackwards(before: bigint | undefined, max: number, filter?: EngineFilter) {
    return this.engine.readAllBackwards(before, max, filter);
  }

  override head(): Promise<bigint> {
    return this.engine.head();
  }

  override onGrowth(listener: () => void): () => void {
    return this.engine.onGrowth(listener);
  }
}

function signal(): Readonly<{ given: Promise<void>; give: () => void }> {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}
