import type { Migration } from './migration.js';

/** Wordings are facts of the log now, and their rows a read model. */
export const notificationTemplatesOfTheLog: Migration = {
  name: '0017-notification-templates-of-the-log',
  up: async (knex) => {
    await knex.raw('DROP TABLE notification_templates; DROP SEQUENCE notification_template_revisions;');
  },
};
