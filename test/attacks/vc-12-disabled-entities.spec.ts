import { expect } from 'chai';
import { FirstStart } from '../../src/application/first-start.js';
import { Annal, password } from '../support/annal.js';
import {
  again,
  inTenant,
  isActive,
  many,
  me,
  newClient,
  nextMail,
  refresh,
  statuses,
  type TestClient,
} from '../support/attacking.js';
import {
  newEmail,
  newPerson,
  newTenant,
  type Person,
  root,
  type SignInBody,
  signIn,
  type Tokens,
} from '../support/people.js';

type Site = Readonly<{ slug: string; client: TestClient; resource: TestClient }>;

/** What somebody holds before the door is closed; the tokens are of the client. */
type Held = Site &
  Readonly<{
    base: string;
    person: Person;
    tokens: Tokens;
    flow: string;
    reset: string;
  }>;

/** What a row closes, so that others cannot share it. */
type About = 'person' | 'client' | 'tenant';

type Row = Readonly<{
  name: string;
  about: About;
  close: (held: Held) => Promise<unknown>;
  /** Ways that stay open, because what was closed is not on them. */
  free?: readonly Way[];
}>;

type Way = 'sign-in' | 'refresh' | 'introspection' | 'bearer' | 'continue' | 'reset';

/** Somebody goes on with what was given to them before it was taken away. */
describe('attacks with what was disabled', () => {
  let annal: Annal;
  let admin: string;
  let shared: Site;
  let tenants = 0;

  before(async () => {
    annal = await Annal.start();
    admin = await root(annal);
    shared = await newSite();
  });
  after(() => annal.stop());

  const newPassword = 'another horse, another battery, another staple';
  const administer = async ({ slug, person }: Held, command: string, body?: object) => {
    const { status } = await annal.call('POST', `/api/v1/tenants/${slug}/users/${person.user}/${command}`, {
      token: admin,
      body,
    });
    expect(status, command).to.equal(204);
  };

  async function newSite(): Promise<Site> {
    const slug = `site${++tenants}`;
    await newTenant(annal, slug);
    const [client, resource] = [await newClient(annal, true, slug), await newClient(annal, true, slug)];
    return { slug, client, resource };
  }

  async function holding(about: About): Promise<Held> {
    const { slug, client: common, resource } = about === 'tenant' ? await newSite() : shared;
    const base = inTenant(slug);
    const client = about === 'client' ? await newClient(annal, true, slug) : common;
    const person = await newPerson(annal, newEmail(), base);
    const headers = { authorization: client.basic };
    const body = { identifier: person.email, password };
    const { tokens } = (await annal.call<SignInBody>('POST', `${base}/sign-in`, { body, headers })).body;
    await annal.call('POST', `${base}/password-resets`, { body: { identifier: person.email } });
    const reset = await annal.mail(person.email, 'reset-password');

    // Makes a sign-in stop half-way.
    const command = `/api/v1/tenants/${slug}/users/${person.user}/require-password-change`;
    expect((await annal.call('POST', command, { token: admin })).status).to.equal(204);
    const waiting = await annal.call<SignInBody>('POST', `${base}/sign-in`, { body, headers });
    expect(waiting.body.next).to.equal('change-password');
    return {
      ...{ slug, base, person, client, resource, reset: reset.token },
      ...{ tokens: tokens as Tokens, flow: waiting.body.flow ?? '' },
    };
  }

  /** What each way answers: true where it lets somebody in, or says that a token is alive. */
  const ways: Readonly<Record<Way, (held: Held) => Promise<boolean>>> = {
    'sign-in': async ({ base, client, person }) => {
      const headers = { authorization: client.basic };
      const body = { identifier: person.email, password };
      return (await annal.call('POST', `${base}/sign-in`, { body, headers })).status === 200;
    },
    refresh: async ({ base, client, tokens: { refreshToken } }) => {
      const headers = { authorization: client.basic };
      return (await annal.call('POST', `${base}/tokens/refresh`, { body: { refreshToken }, headers })).status === 200;
    },
    introspection: async ({ slug, resource, tokens }) =>
      (await isActive(annal, resource, tokens.accessToken, slug)) ||
      isActive(annal, resource, tokens.refreshToken, slug),
    bearer: async ({ base, tokens }) => (await me(annal, tokens.accessToken, base)).status === 200,
    continue: async ({ base, flow }) =>
      (await annal.call('POST', `${base}/sign-in/continue`, { body: { flow, password: newPassword } })).status === 200,
    reset: async ({ base, reset }) =>
      (
        await annal.call('POST', `${base}/password-resets/confirm`, {
          body: { token: reset, password: `${newPassword}!` },
        })
      ).status === 204,
  };

  const tenantAdmin = (path: string) => (held: Held) =>
    annal.call('POST', `/api/v1/tenants/${held.slug}/${path}`, {
      token: admin,
      ...(path === 'suspend' && { body: { reason: 'x' } }),
    });
  const clientAdmin = (path: string) => (held: Held) =>
    annal.call('POST', `/api/v1/tenants/${held.slug}/clients/${held.client.id}/${path}`, { token: admin });

  const rows: readonly Row[] = [
    { about: 'person', name: 'the person is suspended', close: (held) => administer(held, 'suspend', { reason: 'x' }) },
    {
      about: 'person',
      name: 'the person is suspended and back',
      close: async (held) => {
        await administer(held, 'suspend', { reason: 'x' });
        await administer(held, 'reactivate');
      },
      free: ['sign-in', 'reset'],
    },
    { about: 'person', name: 'the person is deactivated', close: (held) => administer(held, 'deactivate') },
    {
      about: 'person',
      name: 'the person deactivated the account and is back',
      close: async (held) => {
        const { status } = await annal.call('POST', `${held.base}/me/deactivate`, { token: held.tokens.accessToken });
        expect(status).to.equal(204);
        await administer(held, 'undelete');
      },
      free: ['sign-in', 'reset'],
    },
    {
      about: 'person',
      name: 'the person is erased',
      close: ({ slug, person }) =>
        annal.call('DELETE', `/api/v1/tenants/${slug}/users/${person.user}`, { token: admin }),
    },
    {
      about: 'person',
      name: 'the password is reset',
      close: ({ base, reset }) =>
        annal.call('POST', `${base}/password-resets/confirm`, { body: { token: reset, password: `${newPassword}?` } }),
    },
    {
      about: 'person',
      name: 'the password is changed',
      close: async ({ base, person }) => {
        const { status } = await annal.call('POST', `${base}/me/password`, {
          body: { current: password, password: `${newPassword}?` },
          token: person.accessToken,
        });
        expect(status).to.equal(200);
      },
    },
    {
      about: 'person',
      name: 'every session is revoked by an administrator',
      close: (held) => administer(held, 'revoke-sessions'),
      free: ['sign-in', 'reset'],
    },
    {
      about: 'person',
      name: 'the person signs out everywhere',
      close: ({ base, person }) => annal.call('DELETE', `${base}/me/sessions`, { token: person.accessToken }),
      free: ['sign-in', 'reset'],
    },
    {
      about: 'person',
      name: 'the session is ended from elsewhere',
      close: ({ base, person, tokens }) =>
        annal.call('DELETE', `${base}/me/sessions/${tokens.session}`, { token: person.accessToken }),
      free: ['sign-in', 'continue'],
    },
    {
      about: 'person',
      name: 'the person signs out',
      close: ({ base, tokens }) => annal.call('POST', `${base}/sign-out`, { token: tokens.accessToken }),
      free: ['sign-in', 'continue'],
    },
    {
      about: 'person',
      name: 'the grant is revoked by its client',
      close: ({ slug, client, tokens }) =>
        annal.call('POST', `/t/${slug}/oauth2/revoke`, {
          form: { token: tokens.refreshToken },
          headers: { authorization: client.basic },
        }),
      free: ['sign-in', 'continue'],
    },
    { about: 'client', name: 'the client is disabled', close: clientAdmin('disable'), free: ['reset'] },
    { about: 'client', name: 'the client is removed', close: clientAdmin('remove'), free: ['reset'] },
    { about: 'client', name: 'the secret of the client is rotated', close: clientAdmin('secret'), free: ['reset'] },
    { about: 'tenant', name: 'the tenant is suspended', close: tenantAdmin('suspend') },
    {
      about: 'tenant',
      name: 'the tenant is suspended and back',
      close: async (held) => {
        await tenantAdmin('suspend')(held);
        await tenantAdmin('reactivate')(held);
      },
      free: ['sign-in', 'reset'],
    },
    { about: 'tenant', name: 'the tenant is removed', close: tenantAdmin('remove') },
  ];

  it('VC-12: everything that is held works before', async () => {
    const held = await holding('client');
    const seen: string[] = [];
    for (const way of ['bearer', 'introspection', 'refresh', 'sign-in', 'continue'] as const) {
      if (await ways[way](held)) seen.push(way);
    }
    expect(seen).to.deep.equal(['bearer', 'introspection', 'refresh', 'sign-in', 'continue']);
    expect(await ways.reset(await holding('person'))).to.equal(true);
  });

  for (const { name, about, close, free = [] } of rows) {
    it(`VC-12, RT-09: ${name}; nothing that was held before lets anybody in`, async () => {
      const held = await holding(about);
      await close(held);
      for (const way of Object.keys(ways) as Way[]) {
        const open = await ways[way](held);
        expect(open, way).to.equal(free.includes(way));
      }
    });
  }

  it('VC-12: an invited person has no way in but the invitation, which ends with a deactivation', async () => {
    const email = newEmail();
    const users = '/api/v1/tenants/default/users';
    const invited = await annal.call<{ id: string }>('POST', users, { body: { email }, token: admin });
    const { token } = await annal.mail(email, 'invitation');
    for (const secret of ['', password]) expect((await signIn(annal, email, secret)).status).to.equal(401);
    await annal.call('POST', `${users}/${invited.body.id}/deactivate`, { token: admin });
    const accept = () => annal.call('POST', `${inTenant('default')}/invitations/accept`, { body: { token, password } });
    expect((await accept()).status).to.equal(400);
    expect((await signIn(annal, email, password)).status).to.equal(401);
  });

  it('VC-12: a dismissed administrator keeps the token, not the powers', async () => {
    const users = '/api/v1/tenants/default/users';
    // The last administrator of a tenant cannot be dismissed.
    const other = await newPerson(annal);
    await annal.call('POST', `${users}/${other.user}/appoint-administrator`, { token: admin });
    const person = await newPerson(annal);
    const list = () => annal.call('GET', `${inTenant('default')}/users`, { token: person.accessToken });
    expect((await list()).status).to.equal(403);
    await annal.call('POST', `${users}/${person.user}/appoint-administrator`, { token: admin });
    expect((await list()).status).to.equal(200);
    await annal.call('POST', `${users}/${person.user}/dismiss-administrator`, { token: admin });
    expect((await list()).status).to.equal(403);
  });

  it('VC-12: the link of the first start makes no second administrator', async () => {
    const fresh = await Annal.start({ roles: ['api'], administrator: false });
    try {
      const setUp = (link: string, index: number) => {
        const token = new URL(link).searchParams.get('token');
        return fresh.call('POST', '/api/v1/setup', { body: { token, email: `root${index}@example.com`, password } });
      };
      const newer = () => fresh.container.get(FirstStart).setupLink();
      const second = await newer();
      expect((await setUp(fresh.setupLink ?? '', 0)).status).to.equal(400);
      expect(statuses(await many(8, (index) => setUp(second, index)))).to.deep.equal({ 204: 1, 400: 7 });
      // Printed by an instance that started before there was an administrator.
      expect((await setUp(await newer(), 9)).status).to.equal(400);
    } finally {
      await fresh.stop();
    }
  });
});

/** Somebody brings, keeps or guesses what stands for a session. */
describe('attacks on sessions', () => {
  let annal: Annal;
  let victim: Person;

  before(async () => {
    annal = await Annal.start();
    victim = await newPerson(annal);
  });
  after(() => annal.stop());

  const base = inTenant('default');

  it('VC-13: every sign-in, password change and completed step starts a session of its own', async () => {
    const person = await newPerson(annal);
    const first = await again(annal, person);
    const second = await again(annal, person);
    const changed = await annal.call<Tokens>('POST', `${base}/me/password`, {
      body: { current: password, password: `${password} too` },
      token: second.accessToken,
    });
    const sessions = [person.session, first.session, second.session, changed.body.session];
    expect(new Set(sessions).size).to.equal(4);
    for (const { accessToken, refreshToken } of [person, first, second]) {
      expect((await me(annal, accessToken)).status).to.equal(401);
      expect((await refresh(annal, refreshToken)).status).to.equal(400);
    }
    expect((await me(annal, changed.body.accessToken)).status).to.equal(200);
  });

  it('VC-13: a completed sign-in cannot be completed again with its flow', async () => {
    const email = newEmail();
    await annal.call('POST', `${base}/registrations`, { body: { email, password } });
    const { flow } = (await signIn(annal, email)).body;
    const { code } = await annal.mail(email, 'verify-email');
    const finish = () => annal.call<SignInBody>('POST', `${base}/sign-in/continue`, { body: { flow, code } });
    const answers = await Promise.all([finish(), finish(), finish()]);
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
    expect((await finish()).status).to.equal(400);
  });

  it('VC-13: an attacker knows the Idempotency-Key of somebody’s sign-in, and waits until it is forgotten; the session is the attacker’s own', async () => {
    const attacker = await newPerson(annal);
    const headers = { 'idempotency-key': 'sign-in-of-the-app-0001' };
    const send = (email: string) =>
      annal.call<SignInBody>('POST', `${base}/sign-in`, { body: { identifier: email, password }, headers });
    const theirs = (await send(victim.email)).body.tokens as Tokens;
    expect((await send(attacker.email)).status).to.equal(422);
    annal.clock.advance(86_401);
    const own = (await send(attacker.email)).body.tokens as Tokens;
    expect(own.session).not.to.equal(theirs.session);
    expect(own.refreshToken).not.to.equal(theirs.refreshToken);
    const next = await refresh(annal, own.refreshToken);
    expect((await me(annal, next.body.accessToken)).body).to.include({ id: attacker.user });
    expect((await refresh(annal, theirs.refreshToken)).status).to.equal(200);
    annal.clock.advance(-86_401);
  });

  it('VC-13: a thief of an access token repeats a refused password change with its key, once the record is forgotten; it is refused again', async () => {
    const person = await newPerson(annal);
    const headers = { 'idempotency-key': 'change-of-the-app-0001' };
    const body = { current: 'not the password at all', password: `${password} of the thief` };
    const change = async (token: string) => annal.call<Tokens>('POST', `${base}/me/password`, { body, token, headers });
    expect((await change(person.accessToken)).status).to.equal(403);
    annal.clock.advance(86_401);
    const later = await refresh(annal, person.refreshToken);
    const repeated = await change(later.body.accessToken);
    expect([repeated.status, repeated.body.accessToken]).to.deep.equal([403, undefined]);
    annal.clock.advance(-86_401);
  });

  it('VC-13: somebody ends a session that is not theirs; it is not there for them', async () => {
    const stranger = await newPerson(annal);
    const mine = await again(annal, victim);
    const end = (token: string) => annal.call('DELETE', `${base}/me/sessions/${mine.session}`, { token });
    expect((await end(stranger.accessToken)).status).to.equal(404);
    expect((await me(annal, mine.accessToken)).status).to.equal(200);
    expect((await end(mine.accessToken)).status).to.equal(204);
    expect((await me(annal, mine.accessToken)).status).to.equal(401);
  });

  it('VC-13: signing out of all others leaves one session, and it is the caller’s', async () => {
    const person = await newPerson(annal);
    const others = [await again(annal, person), await again(annal, person)];
    await annal.call('DELETE', `${base}/me/sessions?which=others`, { token: person.accessToken });
    for (const { accessToken } of [person, ...others]) {
      expect((await me(annal, accessToken)).status).to.equal(accessToken === person.accessToken ? 200 : 401);
    }
  });

  it('VC-13: a reset link of before a password change or a change of address is worth nothing after it', async () => {
    const person = await newPerson(annal);
    const ask = () => annal.call('POST', `${base}/password-resets`, { body: { identifier: person.email } });
    const use = (token: string) =>
      annal.call('POST', `${base}/password-resets/confirm`, { body: { token, password: `${password} again` } });
    await ask();
    const before = await annal.mail(person.email, 'reset-password');
    const changed = await annal.call<Tokens>('POST', `${base}/me/password`, {
      body: { current: password, password: `${password} new` },
      token: person.accessToken,
    });
    expect((await use(before.token)).status).to.equal(400);

    const moved = newEmail();
    await ask();
    const old = await nextMail(annal, person.email, 'reset-password', before.token);
    await annal.call('PUT', `${base}/me/email`, { body: { value: moved }, token: changed.body.accessToken });
    const { code } = await annal.mail(moved, 'verify-email');
    const confirmed = await annal.call('POST', `${base}/me/email/verification/confirm`, {
      body: { code },
      token: changed.body.accessToken,
    });
    expect(confirmed.status).to.equal(204);
    expect((await use(old.token)).status).to.equal(400);
  });
});
