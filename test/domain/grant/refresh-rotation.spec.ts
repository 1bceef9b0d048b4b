import { expect } from 'chai';
import { grant, type GrantEvent } from '../../../src/domain/grant/grant.js';
import { given } from '../../support/given.js';
import { after, day, hour, start } from '../../support/moments.js';
import {
  ended,
  granted,
  givenWithGrace,
  refresh,
  refreshed,
  retried,
  reused,
  shop,
  terms,
  thief,
  user,
} from './family.js';

describe('refresh rotation', () => {
  it('trades the newest token for the next one', () => {
    given(grant, granted)
      .when(refresh(1, 60))
      .records(refreshed(2, 60))
      .leaves({ status: 'active', ...terms, generation: 2, refreshedAt: after(60), retries: 0 });
  });

  it('knows no token of a grant that was never given, and none that it has not made', () => {
    given(grant).when(refresh(1, 60)).rejects('no-such-grant');
    for (const generation of [3, 4, Number.POSITIVE_INFINITY, 0, -1, Number.NaN]) {
      given(grant, granted, refreshed(2, 30)).when(refresh(generation, 60)).rejects('no-such-grant');
    }
  });

  it('takes no token of a family that has ended', () => {
    const revoked: GrantEvent = { type: 'grant.revoked', user, reason: 'signed-out', at: after(60) };
    given(grant, granted, revoked).when(refresh(1, 61)).rejects('grant-revoked');
  });

  it('revoking wins over a refresh that comes after it, at the same instant too (RT-05)', () => {
    const revoked: GrantEvent = { type: 'grant.revoked', user, reason: 'revoked', at: start };
    given(grant, granted, revoked).when(refresh(1, 0)).rejects('grant-revoked');
  });

  describe('reuse', () => {
    it('a token that was traded before ends the family, and says so once (RT-01)', () => {
      given(grant, granted, refreshed(2, 30))
        .when(refresh(1, 60))
        .rejects('refresh-token-reused', ...reused(1, 60))
        .leaves(ended)
        .again()
        .rejects('grant-revoked');
    });

    it('the newest token dies with the family', () => {
      given(grant, granted, refreshed(2, 30), ...reused(1, 60))
        .when(refresh(2, 61))
        .rejects('grant-revoked');
    });

    it('is told by the counter: after twenty rotations in one second every older token is known (RT-04)', () => {
      const family = [granted, ...Array.from({ length: 20 }, (_, index) => refreshed(index + 2, 0.5))];
      for (let generation = 1; generation <= 20; generation++) {
        given(grant, ...family)
          .when(refresh(generation, 0.5))
          .rejects('refresh-token-reused', ...reused(generation, 0.5));
      }
      given(grant, ...family)
        .when(refresh(21, 0.5))
        .records(refreshed(22, 0.5));
    });

    it('twenty rotations at one instant each make one successor', () => {
      let family: readonly GrantEvent[] = [granted];
      for (let generation = 1; generation <= 20; generation++) {
        const next = refreshed(generation + 1, 0);
        given(grant, ...family)
          .when(refresh(generation, 0))
          .records(next)
          .again()
          .rejects('refresh-token-reused', ...reused(generation, 0));
        family = [...family, next];
      }
    });

    it('is noticed after the family has expired, too', () => {
      given(grant, granted, refreshed(2, 30))
        .when(refresh(1, 2 * day))
        .rejects('refresh-token-reused', ...reused(1, 2 * day));
    });
  });

  describe('another client', () => {
    const stolen = (generation: number, seconds: number) =>
      ({ ...refresh(generation, seconds), client: thief }) as ReturnType<typeof refresh>;

    it('gets nothing for the newest token and ends nothing with an old one (RT-06)', () => {
      for (const generation of [1, 2, 3]) {
        given(grant, granted, refreshed(2, 30))
          .when(stolen(generation, 60))
          .rejects('grant-of-another-client')
          .leaves({ status: 'active', ...terms, generation: 2, refreshedAt: after(30), retries: 0 });
      }
      given(grant, granted, refreshed(2, 30), ...reused(1, 60))
        .when(stolen(2, 61))
        .rejects('grant-of-another-client');
    });
  });

  describe('scope', () => {
    it('may be asked narrower or the same, and the grant keeps its own (RT-07)', () => {
      for (const scope of [[], ['openid'], ['profile', 'openid']]) {
        const { state } = given(grant, granted)
          .when(refresh(1, 60, scope))
          .records(refreshed(2, 60));
        expect(state).to.have.property('scope').that.deep.equals(['openid', 'profile']);
      }
    });

    it('may not be asked wider, which costs the token nothing (RT-07)', () => {
      given(grant, granted)
        .when(refresh(1, 60, ['openid', 'admin']))
        .rejects('scope-too-wide')
        .leaves({ status: 'active', ...terms, generation: 1, refreshedAt: start, retries: 0 });
    });
  });

  describe('the moment of grace', () => {
    it('gives a retry the same successor, up to its last instant', () => {
      for (const seconds of [30, 31, 40]) {
        given(grant, givenWithGrace, refreshed(2, 30)).when(refresh(1, seconds)).records(retried(2, seconds));
      }
      given(grant, givenWithGrace, refreshed(2, 30))
        .when(refresh(1, 40.001))
        .rejects('refresh-token-reused', ...reused(1, 40.001));
    });

    it('gives no more than ten, which ends nothing; each refresh counts anew (RT-02)', () => {
      const ten = Array.from({ length: 10 }, () => retried(2, 31));
      given(grant, givenWithGrace, refreshed(2, 30), ...ten.slice(1))
        .when(refresh(1, 32))
        .records(retried(2, 32));
      given(grant, givenWithGrace, refreshed(2, 30), ...ten)
        .when(refresh(1, 32))
        .rejects('too-many-retries')
        .leaves({ status: 'active', ...terms, graceSeconds: 10, generation: 2, refreshedAt: after(30), retries: 10 });
      given(grant, givenWithGrace, refreshed(2, 30), ...ten)
        .when(refresh(2, 33))
        .records(refreshed(3, 33));
      given(grant, givenWithGrace, refreshed(2, 30), ...ten, refreshed(3, 33))
        .when(refresh(2, 34))
        .records(retried(3, 34));
    });

    it('is for the predecessor alone', () => {
      given(grant, givenWithGrace, refreshed(2, 30), refreshed(3, 31))
        .when(refresh(1, 32))
        .rejects('refresh-token-reused', ...reused(1, 32));
      given(grant, givenWithGrace).when(refresh(0, 1)).rejects('no-such-grant');
    });

    it('takes a retry from a clock that is a little behind, and none from one that jumped back (RT-08)', () => {
      given(grant, givenWithGrace, refreshed(2, hour))
        .when(refresh(1, hour - 10))
        .records(retried(2, hour - 10));
      for (const seconds of [hour - 10.001, 0, -hour]) {
        given(grant, givenWithGrace, refreshed(2, hour))
          .when(refresh(1, seconds))
          .rejects('refresh-token-reused', ...reused(1, seconds));
      }
    });

    it('widens no scope (RT-07)', () => {
      given(grant, givenWithGrace, refreshed(2, 30))
        .when(refresh(1, 31, ['openid']))
        .records(retried(2, 31));
      given(grant, givenWithGrace, refreshed(2, 30))
        .when(refresh(1, 31, ['admin']))
        .rejects('scope-too-wide');
    });

    it('ends with the family (RT-08)', () => {
      const lastMoment: GrantEvent = { ...givenWithGrace, expiresAt: after(60) } as GrantEvent;
      given(grant, lastMoment, refreshed(2, 55)).when(refresh(1, 59)).records(retried(2, 59));
      given(grant, lastMoment, refreshed(2, 55)).when(refresh(1, 60)).rejects('grant-expired');
    });

    it('is for the same client alone (RT-06)', () => {
      given(grant, givenWithGrace, refreshed(2, 30))
        .when({ type: 'RefreshGrant', client: thief, generation: 1, at: after(31) })
        .rejects('grant-of-another-client');
    });
  });

  describe('lifetimes', () => {
    it('a token not used for the idle time is over, to the millisecond (RT-08)', () => {
      given(grant, granted)
        .when(refresh(1, hour - 0.001))
        .records(refreshed(2, hour - 0.001));
      given(grant, granted).when(refresh(1, hour)).rejects('grant-expired').again().rejects('grant-expired');
    });

    it('each use begins the idle time anew', () => {
      given(grant, granted, refreshed(2, 3_000))
        .when(refresh(2, 3_000 + hour - 0.001))
        .records(refreshed(3, 3_000 + hour - 0.001));
      given(grant, granted, refreshed(2, 3_000))
        .when(refresh(2, 3_000 + hour))
        .rejects('grant-expired');
    });

    it('the absolute limit never slides, however often and late it is used (RT-08)', () => {
      const busy = Array.from({ length: 24 }, (_, index) => refreshed(index + 2, (index + 1) * (hour - 1)));
      const family = [granted, ...busy];
      const last = family.length;
      given(grant, ...family)
        .when(refresh(last, day - 0.001))
        .records(refreshed(last + 1, day - 0.001));
      const over = given(grant, ...family)
        .when(refresh(last, day))
        .rejects('grant-expired');
      expect(over.state).to.have.property('expiresAt', after(day));
    });

    it('a clock that jumps ahead ends an idle family, and one that jumps back gives no more time (RT-08)', () => {
      given(grant, granted)
        .when(refresh(1, 60 + hour))
        .rejects('grant-expired');
      given(grant, granted, refreshed(2, hour - 1), refreshed(3, -1))
        .when(refresh(3, hour - 0.5))
        .rejects('grant-expired');
    });

    it('a client is named in the refusal before anything about the lifetime is', () => {
      given(grant, granted)
        .when({ type: 'RefreshGrant', client: thief, generation: 1, at: after(2 * day) })
        .rejects('grant-of-another-client');
      given(grant, granted)
        .when({ type: 'RefreshGrant', client: shop, generation: 1, at: after(2 * day) })
        .rejects('grant-expired');
    });
  });
});
