import type { Session, SessionEnd } from '../../domain/session/session.js';
import type { InlineModel } from '../projection.js';

/** Whoever signs out, or whose browser goes to somebody else, takes nothing back that was given for when they are away. */
const statusOf = (state: Session): Session['status'] | 'signed-out' =>
  state.status === 'ended' && leaves.has(state.reason) ? 'signed-out' : state.status;

const leaves: ReadonlySet<SessionEnd> = new Set(['signed-out', 'superseded']);

/** Whether a session stands, and the epochs it was made under. */
export const sessionSecurity: InlineModel<Session> = {
  name: 'session_security',
  version: 2,
  category: 'session',
  columns: (table) => {
    table.text('status').notNullable();
    table.text('user_id').index();
    table.text('client');
    table.integer('tenant_epoch');
    table.integer('user_epoch');
    table.integer('credentials_epoch');
    table.integer('client_epoch');
    table.timestamp('started_at');
    table.timestamp('expires_at');
  },
  row: (state) => {
    if (state.status === 'none') return { status: 'none' };
    return {
      status: statusOf(state),
      user_id: state.user,
      client: state.client,
      tenant_epoch: state.epochs.tenant,
      user_epoch: state.epochs.user,
      credentials_epoch: state.epochs.credentials,
      client_epoch: state.epochs.client,
      started_at: state.at,
      expires_at: state.expiresAt,
    };
  },
};
