import { type Aggregate, accept, type Catalogue, type Decision, type Message } from '../decider.js';
import type { Instant } from '../values.js';

/**
 * The wording of one kind in one language, in Liquid. `html` is the inside of a page that everything shares; a template
 * that starts with `<!doctype` is the whole page. `short` is for telephones.
 */
export type TemplateParts = Readonly<{ subject?: string; text?: string; html?: string; short?: string }>;

/** Words that are said to everybody, like the tenant's name: they are nobody's personal data. */
type Wording = { kind: string; locale: string; parts: TemplateParts };

/* One stream per kind and language of a tenant: `<kind>.<locale>`. Event names are stored for ever. */
export type NotificationTemplateEvent =
  | Message<'notification-template.changed', Wording & { at: Instant }>
  | Message<'notification-template.removed', { kind: string; locale: string; at: Instant }>;

/** The tenant's own words; `default` where it has none, or none any more. */
export type NotificationTemplate = Readonly<{ status: 'default' }> | Readonly<Wording & { status: 'own' }>;

export type NotificationTemplateCommand =
  | Message<'ChangeTemplate', Wording & { at: Instant }>
  | Message<'RemoveTemplate', { at: Instant }>;

type Decided = Decision<NotificationTemplateEvent, never>;

const events: Catalogue<NotificationTemplateEvent> = {
  'notification-template.changed': { version: 1, retention: 'permanent' },
  'notification-template.removed': { version: 1, retention: 'permanent' },
};

export const notificationTemplate: Aggregate<
  NotificationTemplate,
  NotificationTemplateCommand,
  NotificationTemplateEvent,
  never
> = {
  category: 'notificationtemplate',
  schema: 1,
  initial: { status: 'default' },
  events,
  decide: {
    /** Also in the words that stand: whoever saw an older revision learns that somebody decided on them since. */
    ChangeTemplate: (_, { type: _type, ...wording }): Decided =>
      accept({ type: 'notification-template.changed', ...wording }),
    RemoveTemplate: (state, { at }): Decided => {
      if (state.status === 'default') return accept();

      return accept({ type: 'notification-template.removed', kind: state.kind, locale: state.locale, at });
    },
  },
  evolve: {
    'notification-template.changed': (_, { kind, locale, parts }) => ({ status: 'own', kind, locale, parts }),
    'notification-template.removed': () => ({ status: 'default' }),
  },
};
