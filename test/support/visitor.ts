import type { Annal } from './annal.js';
import { unescaped } from './html-text.js';

/** The one form of a page: where it goes and what it sends unseen. */
export type ShownForm = Readonly<{ action: string; hidden: Readonly<Record<string, string>> }>;
export type ShownPage = Readonly<{
  status: number;
  /** Where the visitor is, after redirects. */
  path: string;
  headers: Headers;
  html: string;
  title: string;
  heading: string;
  form: ShownForm | undefined;
}>;

const first = (html: string, form: RegExp): string => unescaped(form.exec(html)?.[1] ?? '');

function formIn(html: string): ShownForm | undefined {
  const action = first(html, /<form method="post" action="([^"]*)"/);
  const hidden = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"\/?>/g)];
  if (action === '') return undefined;
  return { action, hidden: Object.fromEntries(hidden.map(([, name, value]) => [name ?? '', unescaped(value ?? '')])) };
}

/** Somebody with a browser that runs no scripts. */
export class Visitor {
  constructor(
    private readonly annal: Annal,
    private readonly language = 'en-GB,en;q=0.9',
  ) {}

  /** What a browser sends along when a person opens a link. */
  get headers(): Readonly<Record<string, string>> {
    return {
      accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8',
      'accept-language': this.language,
    };
  }

  open(path: string, method = 'GET'): Promise<ShownPage> {
    return this.request(path, { method, headers: this.headers });
  }

  /** Fills the form of a page in and presses its button. A page with the policy `no-referrer` sends `Origin: null`. */
  press({ form }: ShownPage, typed: Readonly<Record<string, string>> = {}): Promise<ShownPage> {
    if (form === undefined) throw new Error('the page has no form');
    const sender = { origin: 'null', 'sec-fetch-site': 'same-origin' };
    return this.send(form.action, { ...form.hidden, ...typed }, sender);
  }

  send(
    action: string,
    fields: Readonly<Record<string, string>>,
    sender: Readonly<Record<string, string>> = {},
  ): Promise<ShownPage> {
    const body = new URLSearchParams(fields);
    return this.request(action, { method: 'POST', body, headers: { ...this.headers, ...sender } });
  }

  private async request(path: string, init: RequestInit): Promise<ShownPage> {
    const response = await fetch(this.annal.url + path, { ...init, redirect: 'manual' });
    const location = response.headers.get('location');
    if (response.status === 303 && location !== null) return this.open(location);

    const html = await response.text();
    return {
      status: response.status,
      path,
      headers: response.headers,
      html,
      title: first(html, /<title>([^<]*)</),
      heading: first(html, /<h1>([^<]*)</),
      form: formIn(html),
    };
  }
}
