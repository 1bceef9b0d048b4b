import type { NotificationKind } from '../kinds.js';
import type { TemplateParts } from '../../../domain/notification-template/notification-template.js';

/** One language: no kind may be missing. */
export type Wordings = { readonly [Kind in NotificationKind]: TemplateParts };

export const lines = (...blocks: readonly string[]): string => blocks.join('\n\n');

/** The link as a button, and in letters for those whose reader shows none. */
export const button = (label: string): string =>
  `<p class="action"><a class="button" href="{{ link }}">${label}</a></p>\n<p class="link"><a href="{{ link }}">{{ link }}</a></p>`;

export const code = (sentence: string): string =>
  `{% if code %}<p>${sentence}</p>\n<p class="code">{{ code }}</p>{% endif %}`;
