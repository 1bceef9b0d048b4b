import { token } from '../../../src/domain/token/token.js';
import type { UserId } from '../../../src/domain/values.js';
import { given } from '../../support/given.js';
import { after, start } from '../../support/moments.js';

const user = 'ada' as UserId;

describe('an access token', () => {
  it('is revoked once, with or without a person it stands for', () => {
    given(token)
      .when({ type: 'RevokeToken', user, expiresAt: after(300), at: start })
      .records({ type: 'token.revoked', user, expiresAt: after(300), at: start })
      .leaves({ revoked: true, expiresAt: after(300) })
      .again()
      .recordsNothing();
    given(token)
      .when({ type: 'RevokeToken', expiresAt: after(300), at: start })
      .records({ type: 'token.revoked', expiresAt: after(300), at: start });
  });
});
