import { type Annal, password } from './annal.js';

export type Tokens = Readonly<{ accessToken: string; refreshToken: string; session: string; user: string }>;
export type SignInBody = Readonly<{
  status: string;
  tokens?: Tokens;
  next?: string;
  flow?: string;
  deviceToken?: string;
  code?: string;
}>;
export type Person = Tokens & Readonly<{ email: string }>;

export const api = '/t/default/api/v1';
let people = 0;
export const newEmail = (): string => `person${++people}@example.com`;

export const signIn = (annal: Annal, identifier: string, secret = password, base = api, more: object = {}) =>
  annal.call<SignInBody>('POST', `${base}/sign-in`, { body: { identifier, password: secret, ...more } });

/** Signs in where that is expected to work. */
export async function signedIn(annal: Annal, identifier: string, secret = password, base = api): Promise<Tokens> {
  const { body, status } = await signIn(annal, identifier, secret, base);
  if (!body.tokens) throw new Error(`sign-in answered ${status} ${JSON.stringify(body)}`);
  return body.tokens;
}

/** Registers, verifies the address by code and signs in. */
export async function newPerson(annal: Annal, email = newEmail(), base = api): Promise<Person> {
  await annal.call('POST', `${base}/registrations`, {
    body: { email, password, firstName: 'Ada', lastName: 'Lovelace' },
  });
  const { code } = await annal.mail(email, 'verify-email');
  const confirmed = await annal.call('POST', `${base}/verifications/confirm`, { body: { email, code } });
  if (confirmed.status !== 204) throw new Error(`verification answered ${confirmed.status} ${confirmed.text}`);
  return { ...(await signedIn(annal, email, password, base)), email };
}

/** An installation administrator's access token, for `/api/v1/…`. */
export const root = async (annal: Annal): Promise<string> =>
  (await signedIn(annal, annal.administrator.email, annal.administrator.password, '/t/system/api/v1')).accessToken;

/** An account that an administrator made, its address verified: quicker than by mail. `administrator` is a token of `root`. */
export async function admitted(
  annal: Annal,
  administrator: string,
  email = newEmail(),
): Promise<Readonly<{ user: string; email: string }>> {
  const { status, body, text } = await annal.call<{ id: string }>('POST', '/api/v1/tenants/default/users', {
    body: { email, password, verified: true },
    token: administrator,
  });
  if (status !== 201) throw new Error(`creation answered ${status} ${text}`);
  return { user: body.id, email };
}

/** An account that an administrator made, whose sign-in stops at an address that is still to be proved. */
export async function unproved(annal: Annal, email = newEmail(), tenant = 'default'): Promise<string> {
  const { status, text } = await annal.call('POST', `/api/v1/tenants/${tenant}/users`, {
    body: { email, password },
    token: await root(annal),
  });
  if (status !== 201) throw new Error(`creation answered ${status} ${text}`);
  return email;
}

/** Somebody admitted, signed in. */
export async function visiting(annal: Annal, administrator: string): Promise<Tokens> {
  const { email } = await admitted(annal, administrator);
  return signedIn(annal, email);
}

/** A tenant of its own; administered under `/api/v1/tenants/<slug>` with the root token. */
export async function newTenant(
  annal: Annal,
  slug: string,
): Promise<Readonly<{ slug: string; base: string; admin: string }>> {
  const { status, text } = await annal.call('POST', '/api/v1/tenants', {
    body: { slug, name: slug },
    token: await root(annal),
  });
  if (status !== 201) throw new Error(`tenant creation answered ${status} ${text}`);
  return { slug, base: `/t/${slug}/api/v1`, admin: `/api/v1/tenants/${slug}` };
}
