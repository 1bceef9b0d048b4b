import type { TemplateParts } from '../../domain/notification-template/notification-template.js';
import type { Channel } from './kinds.js';

export type PartName = keyof TemplateParts;

/** As `TemplateParts`, filled. */
export type RenderedParts = TemplateParts;

/** Null where there is nothing to say, so that `{% if name %}` works and a misspelt name does not. */
export type Variables = Readonly<Record<string, string | boolean | null>>;

export const partsOf: Readonly<Record<Channel, readonly PartName[]>> = {
  mail: ['subject', 'text', 'html'],
  'text-message': ['short'],
};
