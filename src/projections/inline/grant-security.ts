import { type Grant, idleUntil } from '../../domain/grant/grant.js';
import type { InlineModel } from '../projection.js';

/** Whether a grant stands, and until when its newest refresh token is good. */
export const grantSecurity: InlineModel<Grant> = {
  name: 'grant_security',
  version: 3,
  category: 'grant',
  columns: (table) => {
    table.text('status').notNullable();
    table.text('user_id');
    table.text('session_id').index();
    table.text('client');
    table.integer('client_epoch');
    table.specificType('scope', 'text[]');
    table.integer('generation');
    table.timestamp('refreshed_at');
    table.timestamp('idle_until');
    table.timestamp('expires_at');
  },
  row: (state) => {
    if (state.status === 'none' || state.status === 'forestalled') return { status: state.status };
    const whose = { status: state.status, user_id: state.user, session_id: state.session, client: state.client };
    if (state.status === 'revoked') {
      return {
        ...whose,
        client_epoch: null,
        scope: null,
        generation: null,
        refreshed_at: null,
        idle_until: null,
        expires_at: null,
      };
    }
    return {
      ...whose,
      client_epoch: state.epochs.client,
      scope: state.scope,
      generation: state.generation,
      refreshed_at: state.refreshedAt,
      idle_until: idleUntil(state),
      expires_at: state.expiresAt,
    };
  },
};
