import fc from 'fast-check';
import type { Position, StreamName } from '../../../src/application/ports/event-log.js';
import { type Rig } from './rig.js';
import { account, type AccountEvent, acme, globex, team } from './samples.js';

export type Fact = Readonly<{ stream: StreamName; event: AccountEvent }>;

const tenant = fc.constantFrom(acme, globex);
const name = fc.constantFrom('Ann', 'Bea', 'Cy', 'Dé "D" \\ D');
const crew = fc.constantFrom('red', 'blue', 'green');
const happening: fc.Arbitrary<AccountEvent> = fc.oneof(
  fc.record({ type: fc.constant('account.opened' as const), name, team: crew, tags: fc.array(name, { maxLength: 2 }) }),
  fc.record({ type: fc.constant('account.renamed' as const), name }),
  fc.constant({ type: 'account.visited' as const }),
  fc.record({ type: fc.constant('account.noted' as const), note: fc.option(name) }),
  fc.constant({ type: 'account.closed' as const }),
);
const movement: fc.Arbitrary<AccountEvent> = fc.oneof(
  fc.record({ type: fc.constant('team.moved' as const), from: crew, to: crew }),
  fc.record({ type: fc.constant('team.dissolved' as const), team: crew }),
);

/** What may happen to a few accounts in two tenants. */
export const fact: fc.Arbitrary<Fact> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(tenant, fc.integer({ min: 1, max: 8 }), happening)
      .map(([of, n, event]) => ({ stream: account(`${n}`, of), event })),
  },
  { weight: 1, arbitrary: fc.tuple(tenant, movement).map(([of, event]) => ({ stream: team('crew', of), event })) },
);

/** The same facts for the same seed, in every process. */
export const facts = (seed: number, count: number): readonly Fact[] => fc.sample(fact, { seed, numRuns: count });

/** The position of the last one. */
export async function happen(rig: Pick<Rig, 'append' | 'log'>, history: readonly Fact[]): Promise<Position> {
  for (const { stream, event } of history) await rig.append(stream, event);
  return rig.log.head();
}
