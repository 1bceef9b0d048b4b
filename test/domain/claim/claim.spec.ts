import { claim, type ClaimCommand, type ClaimEvent } from '../../../src/domain/claim/claim.js';
import type { UserId } from '../../../src/domain/values.js';
import { given } from '../../support/given.js';
import { after, start } from '../../support/moments.js';

const ada = 'ada' as UserId;
const bob = 'bob' as UserId;

const reserved: ClaimEvent = { type: 'claim.reserved', user: ada, at: start };
const held: ClaimEvent = { type: 'claim.held', user: ada, at: after(1) };
const released: ClaimEvent = { type: 'claim.released', user: ada, at: after(2) };

const reserve = (user: UserId): ClaimCommand => ({ type: 'ReserveClaim', user, at: after(3) });
const hold = (user: UserId): ClaimCommand => ({ type: 'HoldClaim', user, at: after(3) });
const release = (user: UserId): ClaimCommand => ({ type: 'ReleaseClaim', user, at: after(3) });

describe('the claim of an identifier', () => {
  describe('is reserved', () => {
    it('where it is free', () => {
      given(claim)
        .when(reserve(ada))
        .records({ type: 'claim.reserved', user: ada, at: after(3) })
        .leaves({ status: 'reserved', user: ada, at: after(3) })
        .again()
        .recordsNothing();
    });

    it('by another once it was given up', () => {
      given(claim, reserved, held, released)
        .when(reserve(bob))
        .records({ type: 'claim.reserved', user: bob, at: after(3) });
    });

    it('by nobody else while it is reserved or held', () => {
      given(claim, reserved).when(reserve(bob)).rejects('identifier-taken').again().rejects('identifier-taken');
      given(claim, reserved, held).when(reserve(bob)).rejects('identifier-taken');
    });

    it('once: whoever has it already records nothing, and a reservation does not grow younger', () => {
      given(claim, reserved).when(reserve(ada)).recordsNothing().leaves({ status: 'reserved', user: ada, at: start });
      given(claim, reserved, held).when(reserve(ada)).recordsNothing().leaves({ status: 'held', user: ada });
    });
  });

  describe('is held', () => {
    it('by whoever reserved it', () => {
      given(claim, reserved)
        .when(hold(ada))
        .records({ type: 'claim.held', user: ada, at: after(3) })
        .leaves({ status: 'held', user: ada })
        .again()
        .recordsNothing();
    });

    it('by nobody who did not reserve it, or was too slow', () => {
      given(claim).when(hold(ada)).rejects('claim-lost');
      given(claim, reserved).when(hold(bob)).rejects('claim-lost');
      given(claim, reserved, held).when(hold(bob)).rejects('claim-lost');
      given(claim, reserved, released).when(hold(ada)).rejects('claim-lost');
    });
  });

  describe('is released', () => {
    it('by whoever reserved or holds it', () => {
      given(claim, reserved)
        .when(release(ada))
        .records({ type: 'claim.released', user: ada, at: after(3) })
        .leaves({ status: 'free' })
        .again()
        .recordsNothing();
      given(claim, reserved, held)
        .when(release(ada))
        .records({ type: 'claim.released', user: ada, at: after(3) });
    });

    it('by nobody else, and a free one stays free', () => {
      given(claim).when(release(ada)).recordsNothing();
      given(claim, reserved).when(release(bob)).recordsNothing().leaves({ status: 'reserved', user: ada, at: start });
      given(claim, reserved, held).when(release(bob)).recordsNothing().leaves({ status: 'held', user: ada });
    });
  });
});
