import { grant, type GrantEvent } from '../../../src/domain/grant/grant.js';
import { given } from '../../support/given.js';
import { after, start } from '../../support/moments.js';
import { ended, granted, refreshed, terms, user } from './family.js';

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
});
