import { de } from './de.js';
import { en } from './en.js';
import type { Wording } from './wording.js';

/** The languages of the pages; the first is the last resort. */
export const wordings: Readonly<Record<string, Wording>> = { en, de };
export const lastResort: Wording = en;
