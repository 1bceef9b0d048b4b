import type { Annal } from './annal.js';
import { unescaped } from './html-text.js';

/** Where a service believes itself to be that clients reach over TLS. */
export const origin = 'https://id.example.com';

export const overTls = { http: { origin, trustedProxies: [] } };

/** Asks the service by the addresses that it tells about itself. */
export const fetchOf =
  (annal: Annal): typeof fetch =>
  (input, init) =>
    fetch(String(input).replace(origin, annal.url), init);

export type Page = Readonly<{ status: number; url: string; html: string; headers: Headers }>;

/** A browser without scripts that keeps cookies, follows redirects within the service and stops where they leave it. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  constructor(
    private readonly annal: Annal,
    private readonly site = origin,
  ) {}

  async open(
    url: string,
    init: Omit<RequestInit, 'headers'> & { headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Page> {
    const absolute = new URL(url, this.site).href;
    const response = await fetch(absolute.replace(this.site, this.annal.url), {
      ...init,
      redirect: 'manual',
      headers: {
        accept: 'text/html,*/*;q=0.8',
        'accept-language': 'en',
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...init.headers,
      },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (/max-age=0/i.test(cookie)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location !== null && response.status === 303) {
      const next = new URL(location, absolute).href;
      if (next.startsWith(`${this.site}/`)) return this.open(next);
      return { status: 303, url: next, html: '', headers: response.headers };
    }
    return { status: response.status, url: absolute, html: await response.text(), headers: response.headers };
  }

  /** Fills a form of a page in, the first unless another action is named, and presses its button. */
  press(page: Page, typed: Readonly<Record<string, string>> = {}, named = ''): Promise<Page> {
    const forms = [...page.html.matchAll(/<form method="post" action="([^"]*)".*?<\/form>/gs)];
    const [form = '', action = ''] = forms.find(([, to = '']) => to.includes(named)) ?? [];
    if (action === '') throw new Error(`there is no such form on ${page.status} ${page.url}: ${page.html}`);
    const hidden = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"\/?>/g)];
    const body = new URLSearchParams({
      ...Object.fromEntries(hidden.map(([, name, value]) => [name ?? '', unescaped(value ?? '')])),
      ...typed,
    });
    const sender = { origin: 'null', 'sec-fetch-site': 'same-origin' };
    return this.open(unescaped(action), { method: 'POST', body, headers: sender });
  }

  /** What the page says above all. */
  heading({ html }: Page): string {
    return unescaped(/<h1>([^<]*)/.exec(html)?.[1] ?? '');
  }

  /** The address of a link, by a part of it. */
  link({ html }: Page, part: string): string {
    const found = [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, to]) => unescaped(to ?? ''));
    return found.find((to) => to.includes(part)) ?? '';
  }

  cookie(name: string): string | undefined {
    return this.cookies.get(name);
  }

  forget(name: string): void {
    this.cookies.delete(name);
  }
}
