import type { Client } from '../../domain/client/client.js';
import { isConfidential } from '../../domain/client/metadata.js';
import type { InlineModel } from '../projection.js';

/** Whether a client may act, and the digest that its secret is compared with. */
export const clientSecurity: InlineModel<Client> = {
  name: 'client_security',
  version: 2,
  category: 'client',
  columns: (table) => {
    table.text('status').notNullable();
    table.text('name');
    table.boolean('confidential').notNullable();
    /** JSON. */
    table.text('metadata');
    table.text('secret_digest');
    table.integer('epoch').notNullable();
  },
  row: (state) =>
    state.status === 'none' || state.status === 'removed'
      ? {
          status: state.status,
          name: null,
          confidential: false,
          metadata: null,
          secret_digest: null,
          epoch: state.status === 'none' ? 0 : state.epoch,
        }
      : {
          status: state.status,
          name: state.name,
          confidential: isConfidential(state.metadata),
          metadata: JSON.stringify(state.metadata),
          secret_digest: state.secretDigest ?? null,
          epoch: state.epoch,
        },
};
