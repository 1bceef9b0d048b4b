import type { Client } from '../../domain/client/client.js';
import { isConfidential } from '../../domain/client/metadata.js';
import type { InlineModel } from '../projection.js';

/** Whether a client may act, how it proves itself, and the digests that its secret is compared with. */
export const clientSecurity: InlineModel<Client> = {
  name: 'client_security',
  version: 4,
  category: 'client',
  columns: (table) => {
    table.text('status').notNullable();
    table.text('name');
    table.boolean('confidential').notNullable();
    /** JSON. */
    table.text('metadata');
    /** Without an administrator. */
    table.boolean('self_registered').notNullable();
    table.text('authentication_method');
    table.text('secret_digest');
    table.text('old_secret_digest');
    /** An instant as text. */
    table.text('old_secret_until');
    table.integer('epoch').notNullable();
  },
  row: (state) =>
    state.status === 'none' || state.status === 'removed'
      ? {
          status: state.status,
          name: null,
          confidential: false,
          metadata: null,
          self_registered: false,
          authentication_method: null,
          secret_digest: null,
          old_secret_digest: null,
          old_secret_until: null,
          epoch: state.status === 'none' ? 0 : state.epoch,
        }
      : {
          status: state.status,
          name: state.name,
          confidential: isConfidential(state.metadata),
          metadata: JSON.stringify(state.metadata),
          self_registered: state.managementDigest !== undefined,
          authentication_method: state.metadata.authenticationMethod,
          secret_digest: state.secretDigest ?? null,
          old_secret_digest: state.oldSecret?.secretDigest ?? null,
          old_secret_until: state.oldSecret?.until ?? null,
          epoch: state.epoch,
        },
};
