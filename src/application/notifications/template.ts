import type { Channel } from './kinds.js';

/**
 * The wording of one kind in one language, in Liquid. `html` is the inside of a page that everything shares; a template
 * that starts with `<!doctype` is the whole page. `short` is for telephones.
 */
export type TemplateParts = Readonly<{ subject?: string; text?: string; html?: string; short?: string }>;
export type PartName = keyof TemplateParts;

/** As `TemplateParts`, filled. */
export type RenderedParts = TemplateParts;

/** Null where there is nothing to say, so that `{% if name %}` works and a misspelt name does not. */
export type Variables = Readonly<Record<string, string | boolean | null>>;

export const partsOf: Readonly<Record<Channel, readonly PartName[]>> = {
  mail: ['subject', 'text', 'html'],
  'text-message': ['short'],
};
