import { mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import chromiumPackage from '@sparticuz/chromium';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const description = new URL('../package.json', import.meta.resolve('@sparticuz/chromium'));
const { version } = JSON.parse(readFileSync(description, 'utf8')) as { version: string };

/** The browser comes with a package and is unpacked once; another version of the package has a folder of its own. */
async function executable(): Promise<string> {
  const folder = join(tmpdir(), `annal-chromium-${version}`);
  mkdirSync(folder, { recursive: true });
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    return await chromiumPackage.executablePath();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

/** What the package brings a browser for. */
export const bringsChromium = process.platform === 'linux' && process.arch === 'x64';

/** Its own switches, not those of the package, which turn off what keeps sites apart. */
const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-zygote',
  '--font-render-hinting=none',
];

export const startChromium = async (): Promise<Browser> =>
  chromium.launch({ executablePath: await executable(), args: switches });

/** What went on in a context that a page must not do. */
export type Watched = Readonly<{
  context: BrowserContext;
  /** Violations of a Content-Security-Policy, and dialogs that a script opened. */
  violations: string[];
  /** Origins that anything was loaded from. */
  origins: Set<string>;
}>;

export async function watched(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const violations: string[] = [];
  const origins = new Set<string>();
  context.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) violations.push(message.text());
  });
  context.on('dialog', (dialog) => {
    violations.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('request', (request) => origins.add(new URL(request.url()).origin));
  return { context, violations, origins };
}

const rules: Readonly<Record<'everything' | 'colours', axe.RunOnly>> = {
  everything: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  colours: { type: 'rule', values: ['color-contrast'] },
};

/** What axe finds against WCAG 2.2 AA, one line each; in another colour scheme nothing but colours is another. */
export async function findings(page: Page, about: keyof typeof rules): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async (only) => {
    const { axe: runner } = globalThis as unknown as { axe: typeof axe };
    const { violations } = await runner.run(document, { runOnly: only });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }, rules[about]);
  return found.map((finding) => `${new URL(page.url()).pathname} ${finding}`);
}

/** Goes on with the Tab key alone until it has reached what `selector` means. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${selector} cannot be reached by keyboard on ${page.url()}`);
}
