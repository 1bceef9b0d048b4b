import { expect } from 'chai';
import fc from 'fast-check';
import type { Aggregate, Message } from '../../src/domain/decider.js';
import { type Instant, plusSeconds } from '../../src/domain/values.js';
import { decided } from './deciding.js';
import { inClear } from './in-clear.js';
import { day, hour, start } from './moments.js';

/** What must come of a command: accepted or refused, with so many events. */
export type Verdict<Rejection extends string> = readonly ['accepted' | Rejection, events: number];

/** A second opinion on an aggregate: kept simple, in memory, and written without a look at the decider. */
export interface Model<Command, Event, Rejection extends string, Seen> {
  run(command: Command): Verdict<Rejection>;
  /** What a state must look like now, as far as the model goes. */
  seen(): Seen;
  /** Every event that was recorded, for what must hold over all of them. */
  note?(event: Event): void;
}

/** The clock of the story adds when. */
export type Timeless<Command> = Command extends unknown ? Omit<Command, 'at'> : never;

export type Modelled<State, Command extends Message, Event extends Message, Rejection extends string, Seen> = Readonly<{
  aggregate: Aggregate<State, Command, Event, Rejection>;
  commands: fc.Arbitrary<Timeless<Command>>;
  /** Makes a command of one that was told in terms of the state, such as "the newest but one". */
  aimed?: (command: Timeless<Command>, state: State) => Timeless<Command>;
  model: () => Model<Command, Event, Rejection, Seen>;
  seen: (state: State) => Seen;
  /** What must hold between a state and the one that follows. */
  invariants?: (before: State, after: State) => void;
  /** How many shares of the commands it takes to get around; 1 by default. */
  shares?: number;
}>;

/** Commands per share, over as many seeds as it takes: some 20,000 in all, and more than 1,000,000 in the full run. */
const commandsPerShare = process.env['ANNAL_TEST_FULL'] ? 50_000 : 1_000;
const firstSeed = Number(process.env['ANNAL_TEST_SEED'] ?? 1);
const storiesPerSeed = 20;

/** Seconds between two commands: mostly few, sometimes long, and clocks jump back, too. */
const gap = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(0, 0, 1, 5, 60) },
  { weight: 1, arbitrary: fc.constantFrom(hour, day, -hour, 0.001) },
);

/** FI-26: random commands against an aggregate and its model, under a clock of their own; a seed says which. */
export function agreesWithModel<State, Command extends Message, Event extends Message, Rejection extends string, Seen>(
  modelled: Modelled<State, Command, Event, Rejection, Seen>,
): void {
  const { aggregate, commands, shares = 1 } = modelled;
  const quota = shares * commandsPerShare;
  const stories = fc.array(fc.tuple(gap, commands), { minLength: 1, maxLength: 60, size: 'max' });

  it(`${aggregate.category} agrees with its model on ${quota} commands (FI-26)`, function () {
    this.timeout(600_000);
    let count = 0;
    const tried = new Set<string>();
    const happened = new Set<string>();
    for (let seed = firstSeed; count < quota; seed++) {
      const told = fc.check(
        fc.property(stories, (story) => {
          count += story.length;
          tell(modelled, story, tried, happened);
        }),
        // A counterexample is made smaller for as long as that takes, but not for ever.
        { seed, numRuns: storiesPerSeed, interruptAfterTimeLimit: 20_000 },
      );
      if (told.failed) throw new Error(`ANNAL_TEST_SEED=${seed} tells this again. ${fc.defaultReportMessage(told)}`);
    }
    expect([...tried], 'commands that were tried').to.have.members(Object.keys(aggregate.decide));
    expect([...happened], 'events that happened').to.have.members(Object.keys(aggregate.events));
  });
}

function tell<State, Command extends Message, Event extends Message, Rejection extends string, Seen>(
  { aggregate, model: makeModel, seen, aimed, invariants }: Modelled<State, Command, Event, Rejection, Seen>,
  story: readonly (readonly [seconds: number, draft: Timeless<Command>])[],
  tried: Set<string>,
  happened: Set<string>,
): void {
  const model = makeModel();
  let state = aggregate.initial;
  let now: Instant = start;
  for (const [seconds, draft] of story) {
    now = plusSeconds(now, seconds);
    const command = { ...(aimed?.(draft, state) ?? draft), at: now } as unknown as Command;
    const { events, rejection, state: next } = decided(aggregate, state, command);
    expect([rejection ?? 'accepted', events.length], command.type).to.deep.equal(model.run(command));
    expect(inClear(seen(next)), command.type).to.deep.equal(inClear(model.seen()));
    for (const event of events) model.note?.(event);
    for (const { type } of events) happened.add(type);
    tried.add(command.type);
    expect(epochOf(next), 'epochs never decrease').to.be.at.least(epochOf(state));
    invariants?.(state, next);
    state = next;
  }
}

const epochOf = (state: unknown): number =>
  typeof state === 'object' && state !== null && 'epoch' in state ? Number(state.epoch) : 0;
