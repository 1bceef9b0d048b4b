import type { Instant } from '../../domain/values.js';
import type { MessageContent } from '../ports/outbox.js';
import type { Details, NotificationKind } from './kinds.js';
import type { Variables } from './template.js';

type AnyDetails = { [Kind in NotificationKind]: Details[Kind] }[NotificationKind];
type DetailName = AnyDetails extends infer Each ? (Each extends object ? keyof Each : never) : never;

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const units = [
  { unit: 'day', seconds: day, from: 2 * day },
  { unit: 'hour', seconds: hour, from: hour },
  { unit: 'minute', seconds: minute, from: 0 },
] as const;

/** `24 hours`, `10 Minuten`; rounded down, since nothing may be promised for longer than it holds. */
export function duration(seconds: number, locale: string): string {
  const { unit, seconds: size } = units.find(({ from }) => seconds >= from) ?? units[2];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.floor(seconds / size));
}

const moment = (at: Instant, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(new Date(at));

/** Every variable that a template of any kind may name, in the language of the template. */
export function variablesOf(content: MessageContent, locale: string, now: Instant): Variables {
  const details: Partial<Record<DetailName, string | number | boolean>> = content.details;
  const codeLives = content.codeExpiresAt === undefined || now < content.codeExpiresAt;
  const text = (name: DetailName): string | null => (typeof details[name] === 'string' ? details[name] : null);
  const lasting = (name: DetailName): string | null =>
    typeof details[name] === 'number' ? duration(details[name], locale) : null;

  return {
    locale,
    service: content.service.name,
    url: content.service.url,
    name: content.name ?? null,
    at: `${moment(content.at, locale)} UTC`,
    link: text('link'),
    linkValidity: lasting('linkSeconds'),
    code: codeLives ? text('code') : null,
    codeValidity: codeLives ? lasting('codeSeconds') : null,
    identifier: text('identifier'),
    removed: details.removed ?? null,
    browser: text('browser'),
    operatingSystem: text('operatingSystem'),
    place: text('place'),
  } satisfies Record<string, unknown> as Variables;
}
