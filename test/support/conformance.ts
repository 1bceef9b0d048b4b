import { expect } from 'chai';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { randomUUID } from 'node:crypto';
import type { OutboundHttp } from '../../src/application/ports/outbound-http.js';
import { Annal, password } from './annal.js';
import { Browser, origin, overTls, type Page } from './browser.js';
import { admitted, root } from './people.js';

export const issuer = `${origin}/t/default`;
export const callback = 'https://rp.example.com/callback';

/** The response modes in which the suite runs its modules: the Basic plan and the Form Post plan. */
export type Mode = 'query' | 'form_post';

type Fields = Readonly<Record<string, string>>;
type Client = Readonly<{ id: string; secret: string }>;
export type TokenSet = Readonly<{
  access_token: string;
  id_token: string;
  refresh_token?: string;
  token_type: string;
  expires_in: number;
  scope: string;
}>;
type Told = Readonly<{ status: number; body: Readonly<Record<string, unknown>>; headers: Headers }>;

/** Where a visit ended: an answer to the client, or a page; and the pages on the way. */
export type Visited = Readonly<{ page: Page; answer: Fields; asked: readonly string[] }>;

const inClear = (html: string): string =>
  html.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name] as string,
  );

/** What the suite knows of the provider: one tenant, a client, a person and the browser before them. */
export class RelyingParty {
  readonly browser: Browser;

  constructor(
    readonly annal: Annal,
    readonly admin: string,
    readonly mode: Mode,
    readonly client: Client,
    readonly person: Readonly<{ user: string; email: string }>,
  ) {
    this.browser = new Browser(annal);
  }

  /** As the certification tenant registers clients: a secret, no PKCE, RS256. */
  static async register(annal: Annal, admin: string, more: object = {}): Promise<Client> {
    const metadata = { confidential: true, redirectUris: [callback], requirePkce: false, idTokenAlgorithm: 'RS256' };
    const body = { name: 'Suite', ...metadata, ...more };
    const path = '/api/v1/tenants/default/clients';
    const made = await annal.call<{ client: string; secret?: string }>('POST', path, { body, token: admin });
    if (made.status !== 201) throw new Error(made.text);
    return { id: made.body.client, secret: made.body.secret ?? '' };
  }

  /** The same person at the same browser, for another client. */
  as(client: Client): RelyingParty {
    return Object.assign(new RelyingParty(this.annal, this.admin, this.mode, client, this.person), {
      browser: this.browser,
    });
  }

  /** Another person at another browser, for the same client. */
  of(person: RelyingParty['person']): RelyingParty {
    return new RelyingParty(this.annal, this.admin, this.mode, this.client, person);
  }

  parameters(more: Partial<Fields> = {}): Record<string, string> {
    const all: Record<string, string | undefined> = {
      client_id: this.client.id,
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid',
      state: randomUUID(),
      nonce: randomUUID(),
      ...(this.mode === 'form_post' && { response_mode: 'form_post' }),
      ...more,
    };
    return Object.fromEntries(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined));
  }

  /** `undefined` leaves a parameter out. */
  authorize(more: Partial<Fields> = {}): Promise<Visited> {
    return this.visit(`/t/default/oauth2/authorize?${new URLSearchParams(this.parameters(more)).toString()}`);
  }

  /** Opens an address and does what the pages ask for. */
  async visit(url: string, init?: Parameters<Browser['open']>[1]): Promise<Visited> {
    const { browser, person } = this;
    const asked: string[] = [];
    let page = await browser.open(url, init);
    for (;;) {
      const path = new URL(page.url).pathname.replace('/t/default/', '');
      if (page.status !== 200 || !page.url.startsWith(origin)) break;
      if (path === 'sign-in') {
        asked.push('sign-in');
        page = await browser.press(page, { identifier: person.email });
        page = await browser.press(page, { current: password });
      } else if (path === 'consent' && page.html.includes('name="decision"')) {
        asked.push('consent');
        page = await browser.press(page, { decision: 'agree' });
      } else break;
    }
    return { page, answer: answerOf(page), asked };
  }

  /** A whole visit that ends with a code and tokens. */
  async tokens(more: Partial<Fields> = {}): Promise<TokenSet & Readonly<{ asked: readonly string[] }>> {
    const parameters = this.parameters(more);
    const { answer, asked, page } = await this.visit(
      `/t/default/oauth2/authorize?${new URLSearchParams(parameters).toString()}`,
    );
    expect(answer, `${page.status} ${page.url} ${page.html}`).to.have.property('code');
    expect(answer).to.include({
      iss: issuer,
      ...(parameters['state'] !== undefined && { state: parameters['state'] }),
    });
    const { status, body, headers } = await this.redeem(answer['code'] ?? '');
    expect(status, JSON.stringify(body)).to.equal(200);
    expect(headers.get('cache-control')).to.equal('no-store');
    expect(body['token_type']).to.equal('Bearer');
    return { ...(body as unknown as TokenSet), asked };
  }

  redeem(code: string, more: Fields = {}): Promise<Told> {
    return this.token({ grant_type: 'authorization_code', code, redirect_uri: callback, ...more });
  }

  refresh(token: string, more: Fields = {}): Promise<Told> {
    return this.token({ grant_type: 'refresh_token', refresh_token: token, ...more });
  }

  token(form: Record<string, string>): Promise<Told> {
    return this.post('/t/default/oauth2/token', form);
  }

  /** As a client that proves itself by HTTP Basic authentication. */
  post(path: string, form: Record<string, string>): Promise<Told> {
    const { id, secret } = this.client;
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    return this.annal.call('POST', path, { form, headers: { authorization } });
  }

  /** The claims of an ID token whose signature, issuer, audience and times are right. */
  async verified(token: string, algorithm = 'RS256'): Promise<JWTPayload> {
    const { body } = await this.annal.call<JSONWebKeySet>('GET', '/t/default/jwks.json');
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(body), {
      issuer,
      audience: this.client.id,
      algorithms: [algorithm],
      currentDate: new Date(this.annal.clock.now()),
      requiredClaims: ['sub', 'iat', 'exp'],
    });
    expect(protectedHeader.kid).to.equal(decodeProtectedHeader(token).kid).and.to.be.a('string');
    expect(payload.sub).to.equal(this.person.user);
    return payload;
  }

  userinfo(token: string): Promise<Told> {
    return this.annal.call('GET', '/t/default/oauth2/userinfo', { token });
  }
}

/** Of a redirect, or of the form that the browser would post by itself. */
function answerOf(page: Page): Fields {
  if (page.status === 303) return Object.fromEntries(new URL(page.url).searchParams);
  const action = /<form method="post" action="([^"]*)"/.exec(page.html)?.[1] ?? '';
  if (!inClear(action).startsWith(callback)) return {};
  const hidden = [...page.html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  return Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, inClear(value)]));
}

/** A module of the suite, by its name, in every response mode that a plan runs it in. */
export function conformanceModule(
  name: string,
  run: (rp: RelyingParty) => Promise<void>,
  modes: readonly Mode[] = ['query', 'form_post'],
  client: object = {},
  outbound?: OutboundHttp,
): void {
  describe(name, () => {
    let annal: Annal;
    let admin: string;
    before(async () => {
      annal = await Annal.start({ foundation: { ...overTls, ...(outbound && { outbound }) } });
      admin = await root(annal);
    });
    after(() => annal.stop());

    for (const mode of modes) {
      it(`passes with response_mode=${mode}`, async () => {
        const registered = await RelyingParty.register(annal, admin, client);
        await run(new RelyingParty(annal, admin, mode, registered, await admitted(annal, admin)));
      });
    }
  });
}
