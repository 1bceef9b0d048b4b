import { grant, type GrantCommand, type GrantEvent } from '../../../src/domain/grant/grant.js';
import type { Instant } from '../../../src/domain/values.js';
import { given } from '../../support/given.js';
import { after, hour, start } from '../../support/moments.js';
import { ended, givenWithGrace, granted, refreshed, shop, terms, user } from './family.js';

const revoked: GrantEvent = { type: 'grant.revoked', user, reason: 'signed-out', at: after(60) };

describe('a grant', () => {
  it('is given once and begins with the first generation', () => {
    given(grant)
      .when({ type: 'GiveGrant', ...terms })
      .records(granted)
      .leaves({ status: 'active', ...terms, generation: 1, refreshedAt: start, retries: 0 })
      .again()
      .rejects('grant-exists');
    given(grant, granted, revoked)
      .when({ type: 'GiveGrant', ...terms })
      .rejects('grant-exists');
  });

  it('is revoked once, and the first reason stays', () => {
    given(grant, granted, refreshed(2, 30))
      .when({ type: 'RevokeGrant', reason: 'signed-out', at: after(60) })
      .records(revoked)
      .leaves({ ...ended, reason: 'signed-out' })
      .again()
      .recordsNothing();
    given(grant, granted, revoked)
      .when({ type: 'RevokeGrant', reason: 'revoked', at: after(90) })
      .recordsNothing()
      .leaves({ ...ended, reason: 'signed-out' });
  });

  it('that was never given cannot be revoked', () => {
    given(grant).when({ type: 'RevokeGrant', reason: 'revoked', at: start }).rejects('no-such-grant');
  });

  it('that has ended does not come back, whatever the log says afterwards', () => {
    given(grant, granted, revoked, refreshed(2, 90), { ...revoked, reason: 'revoked' }).is({
      ...ended,
      reason: 'signed-out',
    });
  });

  it('that a browser comes with begins its idle time anew, and nothing else', () => {
    const later = after(1_800);
    const used: GrantEvent = { type: 'grant.used', user, at: later };
    given(grant, granted)
      .when({ type: 'UseGrant', at: after(149) })
      .recordsNothing();
    given(grant, granted).when({ type: 'UseGrant', at: later }).records(used);
    const refresh = (at: Instant, generation = 1): GrantCommand => ({
      type: 'RefreshGrant',
      client: shop,
      generation,
      at,
    });
    given(grant, granted, used)
      .when(refresh(after(1_800 + hour)))
      .rejects('grant-expired');
    given(grant, granted, used)
      .when(refresh(after(1_799 + hour)))
      .records(refreshed(2, 1_799 + hour));
    // What is reuse counts from the refresh alone.
    const lateUse: GrantEvent = { type: 'grant.used', user, at: after(100) };
    given(grant, givenWithGrace, refreshed(2, 60), lateUse)
      .when(refresh(after(105)))
      .rejects(
        'refresh-token-reused',
        { type: 'grant.reuse-detected', user, generation: 1, at: after(105) },
        { type: 'grant.revoked', user, reason: 'reuse-detected', at: after(105) },
      );
    given(grant, granted)
      .when({ type: 'UseGrant', at: after(hour) })
      .rejects('grant-expired');
    given(grant).when({ type: 'UseGrant', at: later }).rejects('no-such-grant');
  });
});
