import {
  notificationTemplate,
  type NotificationTemplateCommand,
  type TemplateParts,
} from '../../domain/notification-template/notification-template.js';
import type { Instant, TenantId } from '../../domain/values.js';
import { CommandRejected } from '../command-rejected.js';
import type { CommandContext, Position } from '../ports/event-log.js';
import type { Tenants } from '../tenants.js';
import type { Transactor } from '../transactor.js';
import { isNotificationKind, type NotificationKind } from './kinds.js';
import { canonicalLocale } from './locales.js';
import type { NotificationTemplates, TemplateView } from './notification-templates.js';
import type { RenderedParts, Variables } from './template.js';

/** Which template is meant, as its administrator names it. */
export type TemplateName = Readonly<{ kind: string; locale: string }>;
export type TemplateDetails = TemplateView & Readonly<{ variables: Variables }>;

type Known = Readonly<{ kind: NotificationKind; locale: string; fallback: string }>;

/** How administrators see and change what a tenant says to people, in the languages that it supports. */
export class NotificationTemplateAdministration {
  constructor(
    private readonly templates: NotificationTemplates,
    private readonly tenants: Tenants,
    private readonly transactor: Transactor,
  ) {}

  /** Every kind in every supported language. */
  async list(tenant: TenantId): Promise<readonly TemplateView[]> {
    const { locales } = (await this.tenants.policy(tenant)).settings;
    const supported = locales.supported.map(canonicalLocale).filter((locale) => locale !== undefined);
    return this.templates.list(tenant, [...new Set(supported)], locales.default);
  }

  /** @throws CommandRejected no-such-notification, locale-not-supported */
  async view(tenant: TenantId, name: TemplateName, at: Instant): Promise<TemplateDetails> {
    const { kind, locale, fallback } = await this.#known(tenant, name);
    const found = await this.templates.get(tenant, kind, locale, fallback);
    return { ...found, variables: this.templates.sample(kind, found.wordsOf, at) };
  }

  /** @throws CommandRejected no-such-notification, locale-not-supported, revision-mismatch, invalid-fields below `/parts` */
  async put(
    context: CommandContext,
    name: TemplateName,
    parts: TemplateParts,
    expected?: number,
  ): Promise<Position | undefined> {
    const { tenant, at } = context;
    const { kind, locale } = await this.#known(tenant, name);
    this.#check(kind, locale, parts, at);
    return this.#transact(context, { type: 'ChangeTemplate', kind, locale, parts, at }, { kind, locale }, expected);
  }

  /** Back to the default. @throws CommandRejected no-such-notification, locale-not-supported, revision-mismatch */
  async remove(context: CommandContext, name: TemplateName, expected?: number): Promise<Position | undefined> {
    const known = await this.#known(context.tenant, name);
    return this.#transact(context, { type: 'RemoveTemplate', at: context.at }, known, expected);
  }

  /**
   * A sample message in `parts`, or in the words in force; nothing is stored.
   * @throws CommandRejected no-such-notification, locale-not-supported, invalid-fields below `/parts`
   */
  async preview({ tenant, at }: CommandContext, name: TemplateName, parts?: TemplateParts): Promise<RenderedParts> {
    const { kind, locale, fallback } = await this.#known(tenant, name);
    if (parts) {
      this.#check(kind, locale, parts, at);
      return this.templates.preview({ kind, locale, parts }, at);
    }
    const found = await this.templates.get(tenant, kind, locale, fallback);
    return this.templates.preview({ kind, locale: found.wordsOf, parts: found.parts }, at);
  }

  /** Revisions of streams begin at 0, which to administrators is that of a template that is not there. */
  async #transact(
    context: CommandContext,
    command: NotificationTemplateCommand,
    { kind, locale }: Pick<Known, 'kind' | 'locale'>,
    expected: number | undefined,
  ): Promise<Position | undefined> {
    const id = `${kind}.${locale}`;
    try {
      const { position } = await this.transactor.transact(notificationTemplate, id, context, (state, revision) => {
        const seen = state.status === 'own' ? revision + 1 : 0;
        if (expected !== undefined && expected !== seen) throw new CommandRejected('revision-mismatch');
        return command;
      });
      return position;
    } finally {
      // Words may be long and are seldom changed, and whoever sends messages reads rows.
      this.transactor.forget(notificationTemplate.category, context.tenant, id);
    }
  }

  #check(kind: NotificationKind, locale: string, parts: TemplateParts, at: Instant): void {
    const faults = this.templates.faults(kind, locale, parts, at);
    if (faults.length === 0) return;
    const fields = faults.map(({ part, code, message }) => ({
      pointer: `/parts/${part}`,
      code: `template-${code}`,
      message,
    }));
    throw new CommandRejected('invalid-fields', { fields });
  }

  async #known(tenant: TenantId, { kind, locale }: TemplateName): Promise<Known> {
    const { locales } = (await this.tenants.policy(tenant)).settings;
    if (!isNotificationKind(kind)) throw new CommandRejected('no-such-notification');
    const canonical = canonicalLocale(locale);
    const supported = locales.supported.some((one) => canonical !== undefined && canonicalLocale(one) === canonical);
    if (canonical === undefined || !supported) throw new CommandRejected('locale-not-supported');

    return { kind, locale: canonical, fallback: locales.default };
  }
}
