import type { TemplateParts } from '../../domain/notification-template/notification-template.js';
import type { Instant, TenantId } from '../../domain/values.js';
import type { MessageContent } from '../ports/outbox.js';
import { type TemplateEngine, TemplateInvalid } from '../ports/template-engine.js';
import type { NewTemplate, StoredTemplate, TemplateStore } from '../ports/template-store.js';
import { lastResort, wordings } from './defaults/wordings.js';
import { type Channel, kinds, type NotificationKind, notificationKinds } from './kinds.js';
import { candidates } from './locales.js';
import { type PartName, partsOf, type RenderedParts, type Variables } from './template.js';
import { variablesOf } from './variables.js';

export type TemplateOrigin = 'default' | 'tenant';
/** The words in force for a locale: of that very locale, or of the one that stands in for it (`wordsOf`). */
export type TemplateView = StoredTemplate & Readonly<{ origin: TemplateOrigin; wordsOf: string }>;
/** What is wrong with one part of a template. */
export type TemplateFault = Readonly<{ part: PartName; code: 'missing' | 'not-used' | 'invalid'; message: string }>;
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

  /** Every kind in each of the locales; `fallback` is the locale whose words stand in. */
  async list(tenant: TenantId, locales: readonly string[], fallback: string): Promise<readonly TemplateView[]> {
    const own = await this.store.list(tenant);
    return notificationKinds.flatMap((kind) => locales.map((locale) => inForce(own, kind, locale, fallback)));
  }

  async get(tenant: TenantId, kind: NotificationKind, locale: string, fallback: string): Promise<TemplateView> {
    return inForce(await this.store.list(tenant, kind), kind, locale, fallback);
  }

  /** Everything that would make a wording fail: parts that are missing or left over, and what a sample message shows. */
  faults(kind: NotificationKind, locale: string, parts: TemplateParts, now: Instant): readonly TemplateFault[] {
    const needed = partsFor(kind);
    const given = Object.keys(parts) as readonly PartName[];
    const missing = needed.filter((name) => !parts[name]?.trim());
    const extra = given.filter((name) => !needed.includes(name));
    return [
      ...missing.map(
        (part) => ({ part, code: 'missing', message: `A message of the kind ${kind} needs this part.` }) as const,
      ),
      ...extra.map(
        (part) => ({ part, code: 'not-used', message: `A message of the kind ${kind} has no such part.` }) as const,
      ),
      ...needed
        .filter((part) => !missing.includes(part))
        .flatMap((part) => this.faultOf(kind, locale, part, parts, now)),
    ];
  }

  /** A sample message. @throws TemplateInvalid */
  preview({ kind, locale, parts }: NewTemplate, now: Instant): RenderedParts {
    return this.engine.render(pick(parts, partsFor(kind)), sampleOf(kind, locale, now, false));
  }

  /** The variables that a template of the kind may name, with what they hold in a sample. */
  sample(kind: NotificationKind, locale: string, now: Instant): Variables {
    return sampleOf(kind, locale, now, false);
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

  /** On a sample that has everything, and on one that lacks all that can be lacking. */
  private faultOf(
    kind: NotificationKind,
    locale: string,
    part: PartName,
    parts: TemplateParts,
    now: Instant,
  ): readonly TemplateFault[] {
    try {
      for (const sparse of [false, true]) this.engine.render(pick(parts, [part]), sampleOf(kind, locale, now, sparse));
      return [];
    } catch (error) {
      if (error instanceof TemplateInvalid) return [{ part, code: 'invalid', message: error.reason }];
      throw error;
    }
  }
}

/** In the order in which messages look for words. */
const chain = (locale: string, fallback: string): readonly string[] =>
  [locale, fallback, lastResort].flatMap(candidates);

function inForce(
  own: readonly StoredTemplate[],
  kind: NotificationKind,
  locale: string,
  fallback: string,
): TemplateView {
  for (const wordsOf of chain(locale, fallback)) {
    const stored = own.find((one) => one.kind === kind && one.locale === wordsOf);
    if (stored)
      return { ...stored, locale, wordsOf, origin: 'tenant', revision: wordsOf === locale ? stored.revision : 0 };
    const parts = standardOf(kind, wordsOf);
    if (parts) return { kind, locale, parts, revision: 0, origin: 'default', wordsOf };
  }
  throw new TemplateInvalid(`there are no words for ${kind}`);
}

const standardOf = (kind: NotificationKind, locale: string): TemplateParts | undefined =>
  Object.hasOwn(wordings, locale) ? wordings[locale]?.[kind] : undefined;

const partsFor = (kind: NotificationKind): readonly PartName[] =>
  kinds[kind].channels.flatMap((channel) => partsOf[channel]);

const pick = (parts: TemplateParts, names: readonly PartName[]): TemplateParts =>
  Object.fromEntries(names.map((name) => [name, parts[name]]));

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
