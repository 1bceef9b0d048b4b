import { expect } from 'chai';
import { type Aggregate, type Decision, dispatch, fold, type Message } from '../../src/domain/decider.js';
import { asStored } from './as-stored.js';
import { inClear } from './in-clear.js';

export type Decided<State, Event, Rejection> = Decision<Event, Rejection> & Readonly<{ state: State }>;

/** Deeply, so that a decider or fold which changes what it was given throws. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}

/** Decides a command and folds what was recorded, minding the laws that hold for every aggregate. */
export function decided<State, Command extends Message, Event extends Message, Rejection extends string>(
  aggregate: Aggregate<State, Command, Event, Rejection>,
  state: State,
  command: Command,
): Decided<State, Event, Rejection> {
  const { events, rejection } = dispatch(aggregate.decide, frozen(state), frozen(command));
  for (const { type } of events) expect(aggregate.events, 'the catalogue').to.have.own.property(type);

  const after = fold(aggregate.evolve, state, frozen(events));
  const restored = fold(aggregate.evolve, asStored(state), asStored(events));
  expect(inClear(restored), 'the state folded from stored events').to.deep.equal(inClear(asStored(after)));
  return { events, state: after, ...(rejection !== undefined && { rejection }) };
}
