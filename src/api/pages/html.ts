import type { JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** A whole document. Whatever text stands in it is escaped; nothing can be put in that is not (see eslint.config.js). */
export const documentOf = (root: JSX.Element): string => `<!doctype html>\n${renderToString(root)}\n`;
