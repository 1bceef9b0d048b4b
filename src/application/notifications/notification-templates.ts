import type { Instant, TenantId } from '../../domain/values.js';
import type { MessageContent } from '../ports/outbox.js';
import { type TemplateEngine, TemplateInvalid } from '../ports/template-engine.js';
import type { StoredTemplate, TemplateStore } from '../ports/template-store.js';
import { lastResort, wordings } from './defaults/wordings.js';
import { type Channel, kinds, type NotificationKind, notificationKinds } from './kinds.js';
import { candidates, canonicalLocale } from './locales.js';
import { type PartName, partsOf, type RenderedParts, type TemplateParts } from './template.js';
import { variablesOf } from './variables.js';

export type TemplateOrigin = 'default' | 'tenant';
export type TemplateView = StoredTemplate & Readonly<{ origin: TemplateOrigin }>;
export type Wording = Readonly<{ locale: string; origin: TemplateOrigin; parts: RenderedParts }>;

type Request = Readonly<{
  tenant: TenantId;
  kind: NotificationKind;
  channel: Channel;
  content: MessageContent;
  now: Instant;
}>;

/** The words of messages: defaults, what tenants make of them, and the choice of a language. */
export class NotificationTemplates {
  constructor(
    private readonly store: TemplateStore,
    private readonly engine: TemplateEngine,
    /** Told when a tenant's own wording failed and the default stood in. */
    private readonly onFailure: (tenant: TenantId, kind: NotificationKind, locale: string) => void,
  ) {}

  /** Every kind in every language that has words: a tenant's own in place of the default. */
  async list(tenant: TenantId): Promise<readonly TemplateView[]> {
    const own = await this.store.list(tenant);
    const isOwn = (kind: NotificationKind, locale: string) =>
      own.some((one) => one.kind === kind && one.locale === locale);
    const standard = Object.entries(wordings).flatMap(([locale, wording]) =>
      notificationKinds
        .filter((kind) => !isOwn(kind, locale))
        .map((kind) => view(kind, locale, wording[kind], 'default')),
    );
    return [...own.map((one) => view(one.kind, one.locale, one.parts, 'tenant')), ...standard];
  }

  /** @returns undefined where nobody has words in this language @throws TemplateInvalid for a malformed locale */
  async get(tenant: TenantId, kind: NotificationKind, locale: string): Promise<TemplateView | undefined> {
    const wanted = canonical(locale);
    const own = (await this.store.list(tenant, kind)).find((one) => one.locale === wanted);
    if (own) return view(kind, wanted, own.parts, 'tenant');
    const standard = standardOf(kind, wanted);
    return standard && view(kind, wanted, standard, 'default');
  }

  /** Stores a wording that has proved itself on a sample. @throws TemplateInvalid */
  async put(
    tenant: TenantId,
    kind: NotificationKind,
    locale: string,
    parts: TemplateParts,
    now: Instant,
  ): Promise<void> {
    const wanted = canonical(locale);
    for (const sparse of [false, true]) this.engine.render(complete(kind, parts), sampleOf(kind, wanted, now, sparse));
    await this.store.put(tenant, { kind, locale: wanted, parts });
  }

  /** Back to the default. */
  async remove(tenant: TenantId, kind: NotificationKind, locale: string): Promise<void> {
    await this.store.remove(tenant, kind, canonical(locale));
  }

  /** A sample message: in the words in force, or in `parts` that are only being tried. @throws TemplateInvalid */
  async preview(
    tenant: TenantId,
    kind: NotificationKind,
    locale: string,
    now: Instant,
    parts?: TemplateParts,
  ): Promise<Wording | undefined> {
    const chosen = parts ? view(kind, canonical(locale), parts, 'tenant') : await this.get(tenant, kind, locale);
    if (!chosen) return undefined;

    const rendered = this.engine.render(complete(kind, chosen.parts), sampleOf(kind, chosen.locale, now, false));
    return { locale: chosen.locale, origin: chosen.origin, parts: rendered };
  }

  /**
   * The message in the first language that anybody has words in. A tenant's wording that fails gives way to the
   * default.
   */
  async render({ tenant, kind, channel, content, now }: Request): Promise<Wording> {
    const own = await this.store.list(tenant, kind);
    const wished = [...content.locales, lastResort].flatMap(candidates);
    for (const locale of wished) {
      const variables = variablesOf(content, locale, now);
      const tenantParts = own.find((one) => one.locale === locale)?.parts;
      if (tenantParts) {
        try {
          return {
            locale,
            origin: 'tenant',
            parts: this.engine.render(pick(tenantParts, partsOf[channel]), variables),
          };
        } catch (error) {
          if (!(error instanceof TemplateInvalid)) throw error;
          this.onFailure(tenant, kind, locale);
        }
      }
      const standard = standardOf(kind, locale);
      if (standard)
        return { locale, origin: 'default', parts: this.engine.render(pick(standard, partsOf[channel]), variables) };
    }
    throw new TemplateInvalid(`there are no words for ${kind}`);
  }
}

const view = (kind: NotificationKind, locale: string, parts: TemplateParts, origin: TemplateOrigin): TemplateView => ({
  kind,
  locale,
  parts,
  origin,
});

const standardOf = (kind: NotificationKind, locale: string): TemplateParts | undefined =>
  Object.hasOwn(wordings, locale) ? wordings[locale]?.[kind] : undefined;

function canonical(locale: string): string {
  const known = canonicalLocale(locale);
  if (known === undefined) throw new TemplateInvalid(`"${locale}" is not a language tag (BCP 47)`);
  return known;
}

const pick = (parts: TemplateParts, names: readonly PartName[]): TemplateParts =>
  Object.fromEntries(names.map((name) => [name, parts[name]]));

/** @throws TemplateInvalid when a part is missing or left over */
function complete(kind: NotificationKind, parts: TemplateParts): TemplateParts {
  const needed = kinds[kind].channels.flatMap((channel) => partsOf[channel]);
  const given = Object.keys(parts);
  const missing = needed.filter((name) => !parts[name]?.trim());
  const extra = given.filter((name) => !needed.includes(name as PartName));
  if (missing.length > 0) throw new TemplateInvalid(`a template for ${kind} needs ${missing.join(', ')}`);
  if (extra.length > 0) throw new TemplateInvalid(`a template for ${kind} has no ${extra.join(', ')}`);
  return parts;
}

/** `sparse`: as it looks when everything is missing that can be. */
function sampleOf(kind: NotificationKind, locale: string, now: Instant, sparse: boolean) {
  const content: MessageContent = {
    to: 'sample@example.org',
    locales: [locale],
    service: { name: 'Example', url: 'https://id.example.org/t/acme' },
    ...(!sparse && { name: 'Ada Lovelace' }),
    at: now,
    details: kinds[kind].sample,
    ...(sparse && { codeExpiresAt: now }),
  };
  return variablesOf(content, locale, now);
}
