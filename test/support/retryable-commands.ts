import { randomUUID } from 'node:crypto';
import { type Annal, password } from './annal.js';
import { admitted, api, newEmail, newTenant, visiting } from './people.js';

/** One request that takes an Idempotency-Key, ready to be sent. */
export type Request = Readonly<{ method: string; path: string; body?: object; token?: string }>;

/** Makes somebody of their own for every request, so that what follows from it is the request's doing alone. */
export type RetryableCommand = Readonly<{
  name: string;
  prepare: (annal: Annal, administrator: string) => Promise<Request>;
  /** The credential of the request does not outlive it: a retry that finds no answer on record is told so. */
  endsItsToken?: true;
}>;

const other = 'a longer correct horse battery staple';
const administration = '/api/v1/tenants/default';
const post = (path: string, body?: object, token?: string): Request => ({
  method: 'POST',
  path,
  ...(body && { body }),
  ...(token !== undefined && { token }),
});

async function invited(annal: Annal, token: string): Promise<string> {
  const email = newEmail();
  await annal.call('POST', `${administration}/users`, { body: { email }, token });
  return (await annal.mail(email, 'invitation')).token;
}

async function resetToken(annal: Annal, email: string): Promise<string> {
  await annal.call('POST', `${api}/password-resets`, { body: { identifier: email } });
  return (await annal.mail(email, 'reset-password')).token;
}

const aboutSomebody =
  (path: string, body?: object): RetryableCommand['prepare'] =>
  async (annal, administrator) => {
    const { user } = await admitted(annal, administrator);
    return post(`${administration}/users/${user}${path}`, body, administrator);
  };

/** Every kind of command that appends more than one event, destroys or spends something, or is refused with a fact. */
export const retryableCommands: readonly RetryableCommand[] = [
  {
    name: 'registration',
    prepare: async () => post(`${api}/registrations`, { email: newEmail(), password, firstName: 'Ada' }),
  },
  {
    name: 'registration of a taken address',
    prepare: async (annal, administrator) => {
      const { email } = await admitted(annal, administrator);
      return post(`${api}/registrations`, { email, password, firstName: 'Eve' });
    },
  },
  {
    name: 'creation by an administrator',
    prepare: async (_, administrator) =>
      post(`${administration}/users`, { email: newEmail(), password, verified: true }, administrator),
  },
  {
    name: 'invitation',
    prepare: async (_, administrator) => post(`${administration}/users`, { email: newEmail() }, administrator),
  },
  {
    name: 'acceptance of an invitation',
    prepare: async (annal, administrator) =>
      post(`${api}/invitations/accept`, { token: await invited(annal, administrator), password }),
  },
  {
    name: 'sign-in',
    prepare: async (annal, administrator) => {
      const { email: identifier } = await admitted(annal, administrator);
      return post(`${api}/sign-in`, { identifier, password });
    },
  },
  {
    name: 'sign-in with a wrong password',
    prepare: async (annal, administrator) => {
      const { email: identifier } = await admitted(annal, administrator);
      return post(`${api}/sign-in`, { identifier, password: other });
    },
  },
  {
    name: 'change of the password',
    endsItsToken: true,
    prepare: async (annal, administrator) => {
      const { accessToken } = await visiting(annal, administrator);
      return post(`${api}/me/password`, { current: password, password: other }, accessToken);
    },
  },
  {
    name: 'change of the password without knowing it',
    prepare: async (annal, administrator) => {
      const { accessToken } = await visiting(annal, administrator);
      return post(`${api}/me/password`, { current: other, password: other }, accessToken);
    },
  },
  {
    name: 'reset of the password',
    prepare: async (annal, administrator) => {
      const { email } = await admitted(annal, administrator);
      return post(`${api}/password-resets/confirm`, { token: await resetToken(annal, email), password: other });
    },
  },
  {
    name: 'change of the address',
    prepare: async (annal, administrator) => ({
      method: 'PUT',
      path: `${api}/me/email`,
      body: { value: newEmail(), currentPassword: password },
      token: (await visiting(annal, administrator)).accessToken,
    }),
  },
  {
    name: 'proof of a changed address',
    prepare: async (annal, administrator) => {
      const { accessToken: token } = await visiting(annal, administrator);
      const value = newEmail();
      await annal.call('PUT', `${api}/me/email`, { body: { value, currentPassword: password }, token });
      const { code } = await annal.mail(value, 'verify-email');
      return post(`${api}/me/email/verification/confirm`, { code }, token);
    },
  },
  {
    name: 'change of the user name',
    prepare: async (annal, administrator) => ({
      method: 'PUT',
      path: `${api}/me/username`,
      body: { value: `u${randomUUID()}`, currentPassword: password },
      token: (await visiting(annal, administrator)).accessToken,
    }),
  },
  {
    name: 'correction of the address by an administrator',
    prepare: async (annal, token) => ({
      method: 'PUT',
      path: `${administration}/users/${(await admitted(annal, token)).user}/email`,
      body: { value: newEmail() },
      token,
    }),
  },
  {
    name: 'sign-out',
    endsItsToken: true,
    prepare: async (annal, administrator) =>
      post(`${api}/sign-out`, undefined, (await visiting(annal, administrator)).accessToken),
  },
  { name: 'suspension', prepare: aboutSomebody('/suspend', { reason: 'Left' }) },
  { name: 'sign-out of everywhere', prepare: aboutSomebody('/revoke-sessions') },
  {
    name: 'erasure',
    prepare: async (annal, administrator) => {
      const { user } = await admitted(annal, administrator);
      return { method: 'DELETE', path: `${administration}/users/${user}`, token: administrator };
    },
  },
  {
    name: 'creation of a tenant',
    prepare: async (_, administrator) =>
      post('/api/v1/tenants', { slug: `t${randomUUID().slice(0, 13)}`, name: 'Acme' }, administrator),
  },
  {
    name: 'change of settings',
    prepare: async (annal, administrator) => {
      const { admin } = await newTenant(annal, `s${randomUUID().slice(0, 13)}`);
      return {
        method: 'PUT',
        path: `${admin}/settings`,
        body: { overrides: { session: { idleSeconds: 900 } } },
        token: administrator,
      };
    },
  },
];

/** Whether the token that a request was sent with still opens anything. */
export const opens = async (annal: Annal, token: string): Promise<boolean> =>
  (await annal.call('GET', `${api}/me`, { token })).status === 200;
