import type { ApiKey } from '../../domain/api-key/api-key.js';
import type { InlineModel } from '../projection.js';

/** What an API key is worth, and the digests that its secret is compared with. */
export const apiKeySecurity: InlineModel<ApiKey> = {
  name: 'api_key_security',
  version: 1,
  category: 'apikey',
  columns: (table) => {
    table.text('status').notNullable();
    table.text('owner_kind');
    table.text('owner_id');
    table.text('digest');
    table.text('previous_digest');
    table.timestamp('previous_until');
    table.specificType('scopes', 'text[]');
    table.specificType('addresses', 'text[]');
    table.timestamp('expires_at');
    table.index(['tenant', 'owner_kind', 'owner_id']);
  },
  row: (state) => {
    if (state.status === 'none') return { status: 'none' };
    const { status, owner, digest, previous, scopes, addresses, expiresAt } = state;
    return {
      status,
      owner_kind: owner.kind,
      owner_id: owner.kind === 'tenant' ? null : owner.id,
      digest,
      previous_digest: previous?.digest ?? null,
      previous_until: previous?.until ?? null,
      scopes,
      addresses,
      expires_at: expiresAt ?? null,
    };
  },
};
