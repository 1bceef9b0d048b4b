import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Claim,
  type ClaimCommand,
  type ClaimEvent,
  type ClaimRejection,
  claim,
} from '../../../src/domain/claim/claim.js';
import type { UserId } from '../../../src/domain/values.js';
import { agreesWithModel, type Model, type Verdict } from '../../support/model.js';

type Seen = { owner: string; firm: boolean };

/** Somebody's name on a slip of paper, in pencil or in ink. */
class Slip implements Model<ClaimCommand, ClaimEvent, ClaimRejection, Seen> {
  private owner = '';
  private ink = false;
  private readonly holders = new Set<string>();

  run({ type, user }: ClaimCommand): Verdict<ClaimRejection> {
    const mine = this.owner === user;
    if (type === 'ReserveClaim') {
      if (this.owner !== '') return mine ? ['accepted', 0] : ['identifier-taken', 0];
      this.owner = user;
      return ['accepted', 1];
    }
    if (type === 'HoldClaim') {
      if (!mine) return ['claim-lost', 0];
      const already = this.ink;
      this.ink = true;
      return ['accepted', already ? 0 : 1];
    }
    if (!mine) return ['accepted', 0];
    this.owner = '';
    this.ink = false;
    return ['accepted', 1];
  }

  seen(): Seen {
    return { owner: this.owner, firm: this.ink };
  }

  note({ type, user }: ClaimEvent): void {
    if (type === 'claim.held') this.holders.add(user);
    if (type === 'claim.released') this.holders.delete(user);
    expect(this.holders.size, 'a claim has at most one holder').to.be.at.most(1);
  }
}

describe('random claims', () => {
  agreesWithModel({
    aggregate: claim,
    commands: fc.record({
      type: fc.constantFrom('ReserveClaim', 'HoldClaim', 'ReleaseClaim'),
      user: fc.constantFrom('ada' as UserId, 'bob' as UserId, 'eve' as UserId),
    }),
    model: () => new Slip(),
    seen: (state: Claim): Seen => ({
      owner: state.status === 'free' ? '' : state.user,
      firm: state.status === 'held',
    }),
  });
});
