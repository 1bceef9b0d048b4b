import { expect } from 'chai';
import { type Aggregate, fold, type Message } from '../../src/domain/decider.js';
import { type Decided, decided, frozen } from './deciding.js';
import { inClear } from './in-clear.js';

/** `given(user, registered).when(suspend).records(suspended)`: what happened, what is asked, what follows. */
export const given = <State, Command extends Message, Event extends Message, Rejection extends string>(
  aggregate: Aggregate<State, Command, Event, Rejection>,
  ...events: readonly NoInfer<Event>[]
): Given<State, Command, Event, Rejection> =>
  new Given(aggregate, fold(aggregate.evolve, frozen(aggregate.initial), frozen(events)));

class Given<State, Command extends Message, Event extends Message, Rejection extends string> {
  constructor(
    private readonly aggregate: Aggregate<State, Command, Event, Rejection>,
    private readonly state: State,
  ) {}

  when(command: Command): Then<State, Command, Event, Rejection> {
    return new Then(this.aggregate, command, decided(this.aggregate, this.state, command));
  }

  /** What the events alone amount to. */
  is(state: State): void {
    expect(inClear(this.state)).to.deep.equal(inClear(state));
  }
}

class Then<State, Command extends Message, Event extends Message, Rejection extends string> {
  constructor(
    private readonly aggregate: Aggregate<State, Command, Event, Rejection>,
    private readonly command: Command,
    private readonly outcome: Decided<State, Event, Rejection>,
  ) {}

  /** Accepted: exactly these events, in this order. */
  records(...events: readonly [Event, ...Event[]]): this {
    return this.decides(undefined, events);
  }

  /** Accepted, because it is so already. */
  recordsNothing(): this {
    return this.decides(undefined, []);
  }

  /** Refused, leaving exactly these facts. */
  rejects(code: Rejection, ...facts: readonly Event[]): this {
    return this.decides(code, facts);
  }

  /** What it all amounts to afterwards. */
  leaves(state: State): this {
    expect(inClear(this.outcome.state)).to.deep.equal(inClear(state));
    return this;
  }

  /** The state afterwards, for a closer look. */
  get state(): State {
    return this.outcome.state;
  }

  /** The same command once more, on what the first one left. */
  again(): Then<State, Command, Event, Rejection> {
    return new Then(this.aggregate, this.command, decided(this.aggregate, this.outcome.state, this.command));
  }

  private decides(rejection: Rejection | undefined, events: readonly Event[]): this {
    const { outcome } = this;
    expect({ rejection: outcome.rejection, events: inClear(outcome.events) }).to.deep.equal({
      rejection,
      events: inClear(events),
    });
    return this;
  }
}
