import { token } from '../../../src/domain/token/token.js';
import type { ClientId, UserId } from '../../../src/domain/values.js';
import { given } from '../../support/given.js';
import { after, start } from '../../support/moments.js';

const user = 'ada' as UserId;

const issued = {
  kind: 'machine',
  client: 'orders' as ClientId,
  scope: ['orders:read'],
  audience: ['https://id.example.com'],
  epochs: { tenant: 1, client: 2 },
  expiresAt: after(300),
  at: start,
} as const;

describe('an access token', () => {
  it('is issued once, and revoked once', () => {
    given(token)
      .when({ type: 'IssueToken', ...issued })
      .records({ type: 'token.issued', ...issued })
      .leaves({ revoked: false, expiresAt: after(300), issued })
      .again()
      .recordsNothing();
    given(token, { type: 'token.issued', ...issued })
      .when({ type: 'RevokeToken', expiresAt: after(300), at: after(1) })
      .records({ type: 'token.revoked', expiresAt: after(300), at: after(1) })
      .leaves({ revoked: true, expiresAt: after(300), issued })
      .again()
      .recordsNothing();
  });

  it('is not issued any more once it was revoked', () => {
    given(token, { type: 'token.revoked', expiresAt: after(300), at: start })
      .when({ type: 'IssueToken', ...issued })
      .recordsNothing();
  });

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
