import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Administrators,
  administrators,
  type AdministratorsCommand,
  type AdministratorsEvent,
  type AdministratorsRejection,
} from '../../../src/domain/administrators/administrators.js';
import type { UserId } from '../../../src/domain/values.js';
import { agreesWithModel, type Model, type Verdict } from '../../support/model.js';

type Seen = readonly string[];

const people = ['ada' as UserId, 'bob' as UserId, 'eve' as UserId];
const standing = fc.record({ user: fc.constantFrom(...people), revision: fc.nat(5) });

/** A list by the door: who has said up to when they are on their way out. */
class List implements Model<AdministratorsCommand, AdministratorsEvent, AdministratorsRejection, Seen> {
  private readonly lines = new Map<string, number>();

  run({ user, revision, others }: AdministratorsCommand): Verdict<AdministratorsRejection> {
    const stays = (who: string, since: number): boolean => !this.lines.has(who) || Number(this.lines.get(who)) < since;
    if (!stays(user, revision)) return ['accepted', 0];
    const some = others.some((other) => other.user !== user && stays(other.user, other.revision));
    if (!some) return ['last-administrator', 0];
    this.lines.set(user, revision);
    return ['accepted', 1];
  }

  seen(): Seen {
    return [...this.lines].map(([who, revision]) => `${who} ${revision}`).sort();
  }
}

describe('random departures of administrators', () => {
  agreesWithModel({
    aggregate: administrators,
    commands: standing.chain((leaving) =>
      fc.record({
        type: fc.constant('AnnounceDeparture' as const),
        user: fc.constant(leaving.user),
        revision: fc.constant(leaving.revision),
        others: fc.array(standing, { maxLength: 3 }),
      }),
    ),
    model: () => new List(),
    seen: ({ departures }: Administrators): Seen =>
      Object.entries(departures)
        .map(([who, { revision }]) => `${who} ${revision}`)
        .sort(),
    invariants: (before, after) => {
      for (const [who, { revision }] of Object.entries(before.departures)) {
        expect(after.departures[who as UserId]?.revision, 'a departure is never taken back').to.be.at.least(revision);
      }
    },
  });
});
