import type { Grant } from '../../domain/grant/grant.js';
import { plusSeconds } from '../../domain/values.js';
import type { InlineModel } from '../projection.js';

/** Whether a grant stands, and until when its newest refresh token is good. */
export const grantSecurity: InlineModel<Grant> = {
  name: 'grant_security',
  version: 2,
  category: 'grant',
  columns: (table) => {
    table.text('status').notNullable();
    table.text('user_id');
    table.text('session_id').index();
    table.text('client');
    table.specificType('scope', 'text[]');
    table.integer('generation');
    table.timestamp('refreshed_at');
    table.timestamp('idle_until');
    table.timestamp('expires_at');
  },
  row: (state) => {
    if (state.status === 'none') return { status: 'none' };
    const whose = { status: state.status, user_id: state.user, session_id: state.session, client: state.client };
    if (state.status === 'revoked') {
      return { ...whose, scope: null, generation: null, refreshed_at: null, idle_until: null, expires_at: null };
    }
    return {
      ...whose,
      scope: state.scope,
      generation: state.generation,
      refreshed_at: state.refreshedAt,
      idle_until: plusSeconds(state.refreshedAt, state.idleSeconds),
      expires_at: state.expiresAt,
    };
  },
};
