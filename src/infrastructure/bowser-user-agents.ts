import bowser from 'bowser';
import { type UserAgent, UserAgents } from '../application/ports/user-agents.js';

/** Characters of the header that are looked at, and of a name that is kept. Real headers are shorter. */
const limits = { header: 512, name: 40 };

const devices: Readonly<Record<string, UserAgent['device']>> = {
  desktop: 'desktop',
  mobile: 'mobile',
  tablet: 'tablet',
  bot: 'bot',
};

/** Programs that are no browsers name themselves by a product (RFC 9110 section 10.1.5): `curl/8.5.0`. */
const product = /^(?!Mozilla|Opera)([A-Za-z][A-Za-z0-9._-]{0,30})\/(\d+)/;

export class BowserUserAgents extends UserAgents {
  parse(header: string | undefined): UserAgent {
    const text = (header ?? '').slice(0, limits.header);
    if (text.trim() === '') return { device: 'other' };
    const { browser, os, platform } = bowser.parse(text);
    const [, ...own] = product.exec(text) ?? [];
    const name = label(...own) ?? label(browser.name, browser.version?.split('.')[0]);
    const operatingSystem = label(os.name, os.name === 'Windows' ? os.versionName : os.version);

    return {
      ...(name !== undefined && { browser: name }),
      ...(operatingSystem !== undefined && { operatingSystem }),
      device: devices[platform.type ?? ''] ?? 'other',
    };
  }
}

/** Parts of a header are strangers' text: only what can be shown anywhere is kept. */
function label(...parts: readonly (string | undefined)[]): string | undefined {
  const text = parts
    .filter(Boolean)
    .join(' ')
    .replace(/[^\p{L}\p{N} ._/-]/gu, '')
    .slice(0, limits.name)
    .trim();

  return text === '' ? undefined : text;
}
