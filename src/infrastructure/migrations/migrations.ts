import type { Migration } from './migration.js';

/** Every migration, in the order of its name. Append only. */
export const migrations: readonly Migration[] = [];
