import { type Annal, type Answer, password } from '../support/annal.js';
import { inTenant, me, newClient, type TestClient } from '../support/attacking.js';
import { newEmail, newPerson, newTenant, type Person, root, type SignInBody, type Tokens } from '../support/people.js';

export type Site = Readonly<{ slug: string; client: TestClient; resource: TestClient }>;

/** What somebody holds before the door is closed; the tokens are of the client. */
export type Held = Site &
  Readonly<{ annal: Annal; admin: string; base: string; person: Person; tokens: Tokens; flow: string; reset: string }>;

/** What a closing closes, so that others cannot share it. */
export type About = 'person' | 'client' | 'tenant';

/** Something that is held, and where it is tried. */
export type Way = 'sign-in' | 'refresh' | 'introspection' | 'bearer' | 'continue' | 'reset';

export type Closing = Readonly<{
  name: string;
  about: About;
  close: (held: Held) => Promise<Answer<unknown>>;
  /** Ways that stay open, because what was closed is not on them. */
  free?: readonly Way[];
}>;

/** People with everything that a person can hold, in tenants of one service. */
export class Holders {
  private tenants = 0;
  private shared: Promise<Site> | undefined;

  private constructor(
    private readonly annal: Annal,
    private readonly admin: string,
  ) {}

  static async of(annal: Annal): Promise<Holders> {
    return new Holders(annal, await root(annal));
  }

  async holding(about: About): Promise<Held> {
    const { annal, admin } = this;
    this.shared ??= this.newSite();
    const { slug, client: common, resource } = await (about === 'tenant' ? this.newSite() : this.shared);
    const base = inTenant(slug);
    const client = about === 'client' ? await newClient(annal, true, slug) : common;
    const person = await newPerson(annal, newEmail(), base);
    const headers = { authorization: client.basic };
    const body = { identifier: person.email, password };
    const signedIn = await annal.call<SignInBody>('POST', `${base}/sign-in`, { body, headers });
    await annal.call('POST', `${base}/password-resets`, { body: { identifier: person.email } });
    const reset = await annal.mail(person.email, 'reset-password');

    // Makes a sign-in stop half-way.
    const held = { annal, admin, slug, base, person, client, resource, reset: reset.token, flow: '' };
    await administer({ ...held, tokens: person }, 'require-password-change');
    const waiting = await annal.call<SignInBody>('POST', `${base}/sign-in`, { body, headers });
    if (waiting.body.next !== 'change-password') throw new Error(`the sign-in did not stop: ${waiting.text}`);
    return { ...held, tokens: signedIn.body.tokens as Tokens, flow: waiting.body.flow ?? '' };
  }

  private async newSite(): Promise<Site> {
    const slug = `site${++this.tenants}`;
    await newTenant(this.annal, slug);
    return { slug, client: await newClient(this.annal, true, slug), resource: await newClient(this.annal, true, slug) };
  }
}

const other = 'another horse, another battery, another staple';

/** What each way answers. */
export const ways: Readonly<Record<Way, (held: Held) => Promise<readonly Answer<unknown>[]>>> = {
  'sign-in': async ({ annal, base, client, person }) => {
    const headers = { authorization: client.basic };
    return [await annal.call('POST', `${base}/sign-in`, { body: { identifier: person.email, password }, headers })];
  },
  refresh: async ({ annal, base, client, tokens: { refreshToken } }) => {
    const headers = { authorization: client.basic };
    return [await annal.call('POST', `${base}/tokens/refresh`, { body: { refreshToken }, headers })];
  },
  introspection: ({ annal, slug, resource, tokens }) =>
    Promise.all(
      [tokens.accessToken, tokens.refreshToken].map((token) =>
        annal.call('POST', `/t/${slug}/oauth2/introspect`, {
          form: { token },
          headers: { authorization: resource.basic },
        }),
      ),
    ),
  bearer: async ({ annal, base, tokens }) => [await me(annal, tokens.accessToken, base)],
  continue: async ({ annal, base, flow }) => [
    await annal.call('POST', `${base}/sign-in/continue`, { body: { flow, password: other } }),
  ],
  reset: async ({ annal, base, reset }) => [
    await annal.call('POST', `${base}/password-resets/confirm`, { body: { token: reset, password: `${other}!` } }),
  ],
};

/** Whether somebody was let in, or a token was said to be alive. */
export const letsIn = (answers: readonly Answer<unknown>[]): boolean =>
  answers.some(({ status, body }) => status < 300 && (body as { active?: boolean } | undefined)?.active !== false);

async function administer({ annal, admin, slug, person }: Held, command: string, body?: object) {
  const path = `/api/v1/tenants/${slug}/users/${person.user}/${command}`;
  return done(await annal.call('POST', path, { token: admin, body }));
}

function done(answer: Answer<unknown>): Answer<unknown> {
  if (answer.status >= 300) throw new Error(`closing answered ${answer.status} ${answer.text}`);
  return answer;
}

const tenantAdmin =
  (path: string) =>
  async ({ annal, admin, slug }: Held) =>
    done(
      await annal.call('POST', `/api/v1/tenants/${slug}/${path}`, {
        token: admin,
        ...(path === 'suspend' && { body: { reason: 'x' } }),
      }),
    );
const clientAdmin =
  (path: string) =>
  async ({ annal, admin, slug, client }: Held) =>
    done(await annal.call('POST', `/api/v1/tenants/${slug}/clients/${client.id}/${path}`, { token: admin }));

/** Everything that takes away what was given. */
export const closings: readonly Closing[] = [
  { about: 'person', name: 'the person is suspended', close: (held) => administer(held, 'suspend', { reason: 'x' }) },
  {
    about: 'person',
    name: 'the person is suspended and back',
    close: async (held) => {
      await administer(held, 'suspend', { reason: 'x' });
      return administer(held, 'reactivate');
    },
    free: ['sign-in'],
  },
  { about: 'person', name: 'the person is deactivated', close: (held) => administer(held, 'deactivate') },
  {
    about: 'person',
    name: 'the person deactivated the account and is back',
    close: async (held) => {
      done(
        await held.annal.call('POST', `${held.base}/me/deactivate`, {
          body: { password },
          token: held.tokens.accessToken,
        }),
      );
      return administer(held, 'undelete');
    },
    free: ['sign-in'],
  },
  {
    about: 'person',
    name: 'the person is erased',
    close: async ({ annal, admin, slug, person }) =>
      done(await annal.call('DELETE', `/api/v1/tenants/${slug}/users/${person.user}`, { token: admin })),
  },
  {
    about: 'person',
    name: 'the password is reset',
    close: async ({ annal, base, reset }) =>
      done(
        await annal.call('POST', `${base}/password-resets/confirm`, { body: { token: reset, password: `${other}?` } }),
      ),
  },
  {
    about: 'person',
    name: 'the password is changed',
    close: async ({ annal, base, person }) =>
      done(
        await annal.call('POST', `${base}/me/password`, {
          body: { current: password, password: `${other}?` },
          token: person.accessToken,
        }),
      ),
  },
  {
    about: 'person',
    name: 'every session is revoked by an administrator',
    close: (held) => administer(held, 'revoke-sessions'),
    free: ['sign-in'],
  },
  {
    about: 'person',
    name: 'the person signs out everywhere',
    close: async ({ annal, base, person }) =>
      done(await annal.call('DELETE', `${base}/me/sessions`, { token: person.accessToken })),
    free: ['sign-in'],
  },
  {
    about: 'person',
    name: 'the session is ended from elsewhere',
    close: async ({ annal, base, person, tokens }) =>
      done(await annal.call('DELETE', `${base}/me/sessions/${tokens.session}`, { token: person.accessToken })),
    free: ['sign-in', 'continue'],
  },
  {
    about: 'person',
    name: 'the person signs out',
    close: async ({ annal, base, tokens }) =>
      done(await annal.call('POST', `${base}/sign-out`, { token: tokens.accessToken })),
    free: ['sign-in', 'continue'],
  },
  {
    about: 'person',
    name: 'the grant is revoked by its client',
    close: async ({ annal, slug, client, tokens }) =>
      done(
        await annal.call('POST', `/t/${slug}/oauth2/revoke`, {
          form: { token: tokens.refreshToken },
          headers: { authorization: client.basic },
        }),
      ),
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
      return tenantAdmin('reactivate')(held);
    },
    free: ['sign-in', 'reset'],
  },
  { about: 'tenant', name: 'the tenant is removed', close: tenantAdmin('remove') },
];
