import type { SigningKeys } from '../../domain/signingkeys/signing-keys.js';
import type { InlineModel } from '../projection.js';

/** The ids of the keys whose signatures a tenant stands by; a retired key's tokens end with this row. */
export const publishedKeys: InlineModel<SigningKeys> = {
  name: 'published_keys',
  version: 1,
  category: 'signingkeys',
  columns: (table) => {
    table.specificType('keys', 'text[]').notNullable();
  },
  row: ({ keys }) => ({ keys: keys.map(({ key }) => key) }),
};
