import { consent, type ConsentCommand, type ConsentEvent } from '../../../src/domain/consent/consent.js';
import type { ClientId, UserId } from '../../../src/domain/values.js';
import { given } from '../../support/given.js';
import { start } from '../../support/moments.js';

const between = { user: 'ada' as UserId, client: 'shop' as ClientId, at: start };
const agreed = (...scopes: readonly string[]): ConsentEvent => ({ type: 'consent.given', ...between, scopes });
const agree = (...scopes: readonly string[]): ConsentCommand => ({ type: 'GiveConsent', ...between, scopes });
const withdrawn: ConsentEvent = { type: 'consent.withdrawn', ...between };

describe('a consent', () => {
  it('adds up, and is recorded only where it adds something', () => {
    given(consent)
      .when(agree('openid'))
      .records(agreed('openid'))
      .leaves({ scopes: ['openid'] });
    given(consent, agreed('openid'))
      .when(agree('openid', 'email'))
      .records(agreed('openid', 'email'))
      .leaves({ scopes: ['openid', 'email'] });
    given(consent, agreed('openid', 'email')).when(agree('email')).recordsNothing();
  });

  it('is withdrawn as a whole', () => {
    given(consent, agreed('openid', 'email'))
      .when({ type: 'WithdrawConsent', ...between })
      .records(withdrawn)
      .leaves({ scopes: [] })
      .again()
      .rejects('no-such-consent');
    given(consent)
      .when({ type: 'WithdrawConsent', ...between })
      .rejects('no-such-consent');
  });
});
