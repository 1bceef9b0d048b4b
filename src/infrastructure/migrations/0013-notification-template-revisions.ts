import type { Migration } from './migration.js';

/**
 * Every wording that is stored gets a number that no other has had, so that `If-Match` cannot mistake one that was removed and made anew.
 */
export const notificationTemplateRevisions: Migration = {
  name: '0013-notification-template-revisions',
  up: async (knex) => {
    await knex.raw(`
      CREATE SEQUENCE notification_template_revisions;
      ALTER TABLE notification_templates
        ADD COLUMN revision bigint NOT NULL DEFAULT nextval('notification_template_revisions');
    `);
  },
};
