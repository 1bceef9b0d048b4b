import {
  notificationTemplate,
  type NotificationTemplateCommand,
  type NotificationTemplateEvent,
} from '../../../src/domain/notification-template/notification-template.js';
import { given } from '../../support/given.js';
import { after, start } from '../../support/moments.js';

const at = after(60);
const template = { kind: 'verify-phone', locale: 'en' } as const;
const [ours, theirs] = [{ short: 'Your code: {{ code }}' }, { short: '{{ code }}' }];

const changed: NotificationTemplateEvent = {
  type: 'notification-template.changed',
  ...template,
  parts: ours,
  at: start,
};
const removed: NotificationTemplateEvent = { type: 'notification-template.removed', ...template, at };
const change = (parts: typeof ours): NotificationTemplateCommand => ({
  type: 'ChangeTemplate',
  ...template,
  parts,
  at,
});
const remove: NotificationTemplateCommand = { type: 'RemoveTemplate', at };

describe('a notification template', () => {
  it('is in the words that were put last', () => {
    given(notificationTemplate, changed)
      .when(change(theirs))
      .records({ ...changed, parts: theirs, at })
      .leaves({ status: 'own', ...template, parts: theirs });
  });

  it('is decided on again in the same words, so that whoever saw an older revision learns of it', () => {
    given(notificationTemplate, changed)
      .when(change(ours))
      .records({ ...changed, at });
  });

  it('goes back to the default, once', () => {
    given(notificationTemplate, changed)
      .when(remove)
      .records(removed)
      .leaves({ status: 'default' })
      .again()
      .recordsNothing();
    given(notificationTemplate).when(remove).recordsNothing();
  });

  it('is put anew after it was removed', () => {
    given(notificationTemplate, changed, removed)
      .when(change(ours))
      .records({ ...changed, at })
      .leaves({ status: 'own', ...template, parts: ours });
  });
});
