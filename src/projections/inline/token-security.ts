import type { Token } from '../../domain/token/token.js';
import type { InlineModel } from '../projection.js';

/** What is known of single access tokens: those that were revoked one by one, and those that stand on a fact of their own. The id is the `jti`. */
export const tokenSecurity: InlineModel<Token> = {
  name: 'token_security',
  version: 2,
  category: 'token',
  columns: (table) => {
    table.boolean('revoked').notNullable();
    table.timestamp('expires_at');
    /** Null of signed tokens of people. */
    table.text('kind');
    table.text('client');
    table.text('grant_id');
    table.specificType('scope', 'text[]');
    table.specificType('audience', 'text[]');
    table.integer('tenant_epoch');
    table.integer('client_epoch');
    table.text('policy');
    table.integer('policy_version');
    table.text('bound_to');
    table.timestamp('issued_at');
  },
  row: ({ revoked, expiresAt, issued }) => ({
    revoked,
    expires_at: expiresAt ?? null,
    kind: issued?.kind ?? null,
    client: issued?.client ?? null,
    grant_id: issued?.grant ?? null,
    scope: issued?.scope ?? null,
    audience: issued?.audience ?? null,
    tenant_epoch: issued?.epochs.tenant ?? null,
    client_epoch: issued?.epochs.client ?? null,
    policy: issued?.madeUnder?.policy ?? null,
    policy_version: issued?.madeUnder?.version ?? null,
    bound_to: issued?.boundTo ?? null,
    issued_at: issued?.at ?? null,
  }),
};
