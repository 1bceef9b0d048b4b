import { de } from './de.js';
import { en } from './en.js';
import type { Wordings } from './wording.js';

/** Languages that need no work by a tenant; the first is the last resort. */
export const wordings: Readonly<Record<string, Wordings>> = { en, de };
export const lastResort = 'en';
