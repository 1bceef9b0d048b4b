import { expect } from 'chai';
import { type Mount, mountsOf } from '../../src/api/server/mounting.js';
import type { Route } from '../../src/api/route.js';
import { type AllServices, routes } from '../../src/api/routes.js';
import { Annal, type Answer, password } from '../support/annal.js';
import { each, eventsAfter, inTenant } from '../support/attacking.js';
import { newTenant, root, type SignInBody, signedIn, signIn, type Tokens } from '../support/people.js';

type Site = Readonly<{
  slug: string;
  tenant: string;
  admin: Tokens;
  user: Tokens;
  ids: Readonly<Record<'user' | 'session' | 'client' | 'key' | 'policy', string>>;
  deviceToken: string;
}>;

const mounts: readonly Mount<AllServices>[] = routes.flatMap((route) => mountsOf(route));
const places = { kind: 'verify-email', locale: 'en', code: 'not-found' } as const;

/** Two tenants that differ in nothing but what stands in them; one of them reaches for the other. */
describe('attacks across tenants', () => {
  let annal: Annal;
  let system: string;
  let own: Site;
  let other: Site;
  /** Everything that only the other tenant may ever show. */
  let canaries: readonly string[];

  async function build(slug: string, canary: string): Promise<Site> {
    const { base, admin: path } = await newTenant(annal, slug);
    const create = async (name: string, administrator: boolean) => {
      const body = {
        email: `${name}@${slug}.example`,
        username: name,
        firstName: canary,
        lastName: 'Lovelace',
        password,
      };
      const { status } = await annal.call('POST', `${path}/users`, {
        body: { ...body, verified: true, administrator, attributes: {} },
        token: system,
      });
      expect(status).to.equal(201);
    };
    await create('ada', true);
    await create('grace', false);
    await annal.call('PATCH', `/api/v1/tenants/${slug}`, { body: { name: `${canary} Ltd` }, token: system });
    const client = await annal.call<{ client: string }>('POST', `${path}/clients`, {
      body: { name: `${canary} client`, confidential: true },
      token: system,
    });
    const admin = await signedIn(annal, 'ada', password, base);
    const { body } = await signIn(annal, 'grace', password, base);
    const user = body.tokens as Tokens;
    const view = await annal.call<{ id: string }>('GET', `/api/v1/tenants/${slug}`, { token: system });
    const key = await annal.call<{ id: string }>('POST', `${base}/me/api-keys`, {
      body: { name: `${canary} key`, scopes: ['account'], tags: { of: canary } },
      token: admin.accessToken,
    });
    const policy = await annal.call<{ policy: string }>('POST', `${path}/token-policies`, {
      body: { name: `${canary} policy`, structure: {} },
      token: system,
    });
    const ids = {
      user: user.user,
      session: user.session,
      client: client.body.client,
      key: key.body.id,
      policy: policy.body.policy,
    };
    return { slug, tenant: view.body.id, admin, user, ids, deviceToken: body.deviceToken ?? '' };
  }

  before(async () => {
    annal = await Annal.start();
    system = await root(annal);
    own = await build('annas', 'Annegret');
    other = await build('berthas', 'Berthilde');
    canaries = ['Berthilde', 'berthas.example', ...Object.values(other.ids), other.admin.user, other.admin.session];
    await annal.fresh(`${inTenant('berthas')}/users`, other.admin.accessToken);
  });
  after(() => annal.stop());

  const target = ({ path }: Mount<AllServices>, slug: string, ids: Site['ids']): string =>
    path.replaceAll(/:(\w+)/g, (_, name: string) =>
      encodeURIComponent({ tenant: slug, ...places, ...ids }[name] ?? `no-${name}`),
    );

  const bodyOf = ({ body }: Route<AllServices>) => {
    if (body === undefined) return {};
    const isForm = body.mediaType === 'application/x-www-form-urlencoded';
    return isForm ? { form: body.example as Record<string, string> } : { body: body.example };
  };

  const ask = (mount: Mount<AllServices>, slug: string, ids: Site['ids'], token?: string) =>
    annal.call(mount.route.method.toUpperCase(), target(mount, slug, ids), {
      ...bodyOf(mount.route),
      ...(token !== undefined && { token }),
    });

  const reveals = ({ text, headers }: Answer<unknown>): readonly string[] =>
    canaries.filter((canary) => text.includes(canary) || JSON.stringify([...headers]).includes(canary));

  /** Asks every mount; the answers that are not among `wanted` or show something of the other tenant. */
  async function expectAll(
    asked: readonly Mount<AllServices>[],
    send: (mount: Mount<AllServices>) => Promise<Answer<unknown>>,
    wanted: readonly number[],
  ): Promise<void> {
    expect(asked.length).to.be.above(3);
    const before = await annal.head();
    const wrong = await each(
      asked,
      async (mount) => {
        const answer = await send(mount);
        const shown = reveals(answer);
        if (wanted.includes(answer.status) && shown.length === 0) return [];
        return [`${mount.route.method} ${mount.path}: ${answer.status} ${shown.join()}`];
      },
      4,
    );
    expect(wrong.flat()).to.deep.equal([]);
    const touched = (await eventsAfter(annal, before)).filter(({ tenant }) => tenant === other.tenant);
    expect(touched).to.deep.equal([]);
  }

  const inner = mounts.filter(({ path, route }) => path.startsWith('/t/:tenant/api/') && route.access !== 'public');
  const outer = mounts.filter(({ path, route }) => path.startsWith('/api/v1/') && route.access !== 'public');
  // Registrations (RFC 7592) have tokens of their own, which VC-25 tries at other tenants.
  const named = mounts.filter(({ path }) => path.includes('/api/') && /:(user|session|client|key|policy)\b/.test(path));

  it('VC-19: an administrator calls every operation of another tenant; the token is worth nothing there', () =>
    expectAll(inner, (mount) => ask(mount, 'berthas', other.ids, own.admin.accessToken), [401]));

  it('VC-19: an administrator names the people, sessions and clients of another tenant at home; there are none', () =>
    expectAll(
      named.filter(({ issuer }) => issuer === 'path'),
      (mount) => ask(mount, 'annas', other.ids, own.admin.accessToken),
      [404],
    ));

  it('VC-19: an installation administrator names them at the wrong tenant; there are none', () =>
    expectAll(
      named.filter(({ issuer }) => issuer === 'system'),
      (mount) => ask(mount, 'annas', other.ids, system),
      [404],
    ));

  it('VC-19: an administrator of a tenant calls every operation of the installation; the token is worth nothing there', () =>
    expectAll(outer, (mount) => ask(mount, 'berthas', other.ids, own.admin.accessToken), [401]));

  it('VC-19: an installation administrator’s token is no token of any tenant', () =>
    expectAll(inner, (mount) => ask(mount, 'annas', own.ids, system), [401]));

  it('VC-19: nobody calls every operation; nobody is let in', () =>
    expectAll([...inner, ...outer], (mount) => ask(mount, 'berthas', other.ids), [401]));

  it('VC-19: somebody without powers calls every operation of administrators', () =>
    expectAll(
      inner.filter(({ route }) => route.access === 'tenant-admin'),
      (mount) => ask(mount, 'annas', own.ids, own.user.accessToken),
      [403],
    ));

  it('VC-19: every list and view of one tenant shows nothing of the other', async () => {
    const readable = mounts.filter(
      ({ path, route }) => route.method === 'get' && path.includes('/:tenant') && route.access !== 'public',
    );
    const position = await annal.head();
    await expectAll(
      readable,
      (mount) => {
        const tokens = { path: own.admin.accessToken, system };
        return annal.call('GET', target(mount, 'annas', own.ids), {
          token: tokens[mount.issuer],
          headers: { 'annal-min-position': position },
        });
      },
      // An administrator's own session list does not hold the session of somebody else.
      [200],
    );
  });

  it('VC-19: what was given in one tenant is worth nothing in the other, where the same people have the same names', async () => {
    const base = inTenant('annas');
    const foreign = await annal.call<SignInBody>('POST', `${base}/sign-in`, {
      body: { identifier: 'grace', password: 'this is not it, is it now', deviceToken: other.deviceToken },
    });
    expect(foreign.status).to.equal(401);
    expect(
      (await annal.call('POST', `${base}/tokens/refresh`, { body: { refreshToken: other.user.refreshToken } })).status,
    ).to.equal(400);
    const list = await annal.call<{ next: string | null }>('GET', `${inTenant('berthas')}/users?limit=1`, {
      token: other.admin.accessToken,
    });
    const cursor = new URL(list.body.next ?? '').searchParams.get('cursor') ?? '';
    const page = await annal.call('GET', `${base}/users?limit=1&cursor=${cursor}`, { token: own.admin.accessToken });
    expect(page.status).to.equal(400);
    expect(reveals(foreign)).to.deep.equal([]);
  });
});
