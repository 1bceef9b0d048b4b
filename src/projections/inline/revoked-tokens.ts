import type { Token } from '../../domain/token/token.js';
import type { InlineModel } from '../projection.js';

/** Access tokens revoked one by one, until they would have expired. The id is the `jti`. */
export const revokedTokens: InlineModel<Token> = {
  name: 'revoked_tokens',
  version: 1,
  category: 'token',
  columns: (table) => {
    table.boolean('revoked').notNullable();
    table.timestamp('expires_at');
  },
  row: ({ revoked, expiresAt }) => ({ revoked, expires_at: expiresAt ?? null }),
};
