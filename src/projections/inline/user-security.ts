import { exists, type User } from '../../domain/user/state.js';
import type { InlineModel } from '../projection.js';

/** What decides whether a person's tokens count and what they may administer. */
export const userSecurity: InlineModel<User> = {
  name: 'user_security',
  version: 1,
  category: 'user',
  columns: (table) => {
    table.text('status').notNullable();
    table.integer('epoch').notNullable();
    table.boolean('administrator').notNullable();
  },
  row: (state) => ({
    status: state.status,
    epoch: exists(state) || state.status === 'erased' ? state.epoch : 0,
    administrator: exists(state) && state.administrator,
  }),
};
