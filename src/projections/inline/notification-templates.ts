import type { NotificationTemplate } from '../../domain/notification-template/notification-template.js';
import type { InlineModel } from '../projection.js';

/** What a tenant says in its own words. The id is `<kind>.<locale>`; `parts` is JSON. */
export const notificationTemplates: InlineModel<NotificationTemplate> = {
  name: 'notification_templates',
  version: 1,
  category: 'notificationtemplate',
  columns: (table) => {
    table.text('kind');
    table.text('locale');
    table.text('parts');
    table.index(['tenant', 'kind']);
  },
  row: (state) =>
    state.status === 'default'
      ? { kind: null, locale: null, parts: null }
      : { kind: state.kind, locale: state.locale, parts: JSON.stringify(state.parts) },
};
