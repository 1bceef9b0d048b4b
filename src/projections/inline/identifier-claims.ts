import type { Claim } from '../../domain/claim/claim.js';
import type { InlineModel } from '../projection.js';

/** Who reserves or holds an identifier. The id is `<kind>.<keyed hash>`. */
export const identifierClaims: InlineModel<Claim> = {
  name: 'identifier_claims',
  version: 1,
  category: 'claim',
  columns: (table) => {
    table.text('status').notNullable();
    table.text('user_id');
  },
  row: (state) => ({ status: state.status, user_id: state.status === 'free' ? null : state.user }),
};
