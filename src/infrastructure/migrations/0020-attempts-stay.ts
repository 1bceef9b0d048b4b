import type { Migration } from './migration.js';

/** Old tries of nobody are swept no more: this served the sweep only, and every further try had to keep it in order. */
export const attemptsStay: Migration = {
  name: '0020-attempts-stay',
  up: async (knex) => {
    await knex.raw('drop index attempt_slots_nobody');
  },
};
