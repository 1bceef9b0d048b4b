import type { Credentials } from '../../domain/credentials/state.js';
import type { InlineModel } from '../projection.js';

/** Raised epochs of what proves a person. */
export const credentialsSecurity: InlineModel<Credentials> = {
  name: 'credentials_security',
  version: 1,
  category: 'credentials',
  columns: (table) => {
    table.integer('epoch').notNullable();
    table.boolean('has_password').notNullable();
  },
  row: ({ epoch, password }) => ({ epoch, has_password: password !== undefined }),
};
