import { randomUUID } from 'node:crypto';
import { type Annal, password } from './annal.js';
import { api, newEmail, newPerson, newTenant, root } from './people.js';

/** One request that takes an Idempotency-Key, ready to be sent. */
export type Request = Readonly<{ method: string; path: string; body?: object; token?: string }>;

/** Makes somebody of their own for every request, so that what follows from it is the request's doing alone. */
export type RetryableCommand = Readonly<{
  name: string;
  prepare: (annal: Annal) => Promise<Request>;
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

/** Of the installation; tokens end with the clock that specs move, so a new one for each. */
const asAdministrator = async (annal: Annal, path: string, body?: object): Promise<Request> =>
  post(administration + path, body, await root(annal));

async function invited(annal: Annal): Promise<string> {
  const email = newEmail();
  await annal.call('POST', `${administration}/users`, { body: { email }, token: await root(annal) });
  return (await annal.mail(email, 'invitation')).token;
}

async function resetToken(annal: Annal, email: string): Promise<string> {
  await annal.call('POST', `${api}/password-resets`, { body: { identifier: email } });
  return (await annal.mail(email, 'reset-password')).token;
}

const aboutSomebody =
  (path: string, body?: object): RetryableCommand['prepare'] =>
  async (annal) => {
    const { user } = await newPerson(annal);
    return asAdministrator(annal, `/users/${user}${path}`, body);
  };

/** Every kind of command that appends more than one event, destroys or spends something, or is refused with a fact. */
export const retryableCommands: readonly RetryableCommand[] = [
  {
    name: 'registration',
    prepare: async () => post(`${api}/registrations`, { email: newEmail(), password, firstName: 'Ada' }),
  },
  {
    name: 'registration of a taken address',
    prepare: async (annal) =>
      post(`${api}/registrations`, { email: (await newPerson(annal)).email, password, firstName: 'Eve' }),
  },
  {
    name: 'creation by an administrator',
    prepare: (annal) => asAdministrator(annal, '/users', { email: newEmail(), password, verified: true }),
  },
  { name: 'invitation', prepare: (annal) => asAdministrator(annal, '/users', { email: newEmail() }) },
  {
    name: 'acceptance of an invitation',
    prepare: async (annal) => post(`${api}/invitations/accept`, { token: await invited(annal), password }),
  },
  {
    name: 'sign-in',
    prepare: async (annal) => post(`${api}/sign-in`, { identifier: (await newPerson(annal)).email, password }),
  },
  {
    name: 'sign-in with a wrong password',
    prepare: async (annal) => post(`${api}/sign-in`, { identifier: (await newPerson(annal)).email, password: other }),
  },
  {
    name: 'change of the password',
    endsItsToken: true,
    prepare: async (annal) =>
      post(`${api}/me/password`, { current: password, password: other }, (await newPerson(annal)).accessToken),
  },
  {
    name: 'change of the password without knowing it',
    prepare: async (annal) =>
      post(`${api}/me/password`, { current: other, password: other }, (await newPerson(annal)).accessToken),
  },
  {
    name: 'reset of the password',
    prepare: async (annal) => {
      const { email } = await newPerson(annal);
      return post(`${api}/password-resets/confirm`, { token: await resetToken(annal, email), password: other });
    },
  },
  {
    name: 'change of the address',
    prepare: async (annal) => ({
      method: 'PUT',
      path: `${api}/me/email`,
      body: { value: newEmail(), currentPassword: password },
      token: (await newPerson(annal)).accessToken,
    }),
  },
  {
    name: 'proof of a changed address',
    prepare: async (annal) => {
      const { accessToken: token } = await newPerson(annal);
      const value = newEmail();
      await annal.call('PUT', `${api}/me/email`, { body: { value, currentPassword: password }, token });
      const { code } = await annal.mail(value, 'verify-email');
      return post(`${api}/me/email/verification/confirm`, { code }, token);
    },
  },
  {
    name: 'change of the user name',
    prepare: async (annal) => ({
      method: 'PUT',
      path: `${api}/me/username`,
      body: { value: `u${randomUUID()}`, currentPassword: password },
      token: (await newPerson(annal)).accessToken,
    }),
  },
  {
    name: 'sign-out',
    endsItsToken: true,
    prepare: async (annal) => post(`${api}/sign-out`, undefined, (await newPerson(annal)).accessToken),
  },
  { name: 'suspension', prepare: aboutSomebody('/suspend', { reason: 'Left' }) },
  { name: 'sign-out of everywhere', prepare: aboutSomebody('/revoke-sessions') },
  {
    name: 'erasure',
    prepare: async (annal) => {
      const { user } = await newPerson(annal);
      return { method: 'DELETE', path: `${administration}/users/${user}`, token: await root(annal) };
    },
  },
  {
    name: 'creation of a tenant',
    prepare: async (annal) =>
      post('/api/v1/tenants', { slug: `t${randomUUID().slice(0, 13)}`, name: 'Acme' }, await root(annal)),
  },
  {
    name: 'change of settings',
    prepare: async (annal) => {
      const { admin } = await newTenant(annal, `s${randomUUID().slice(0, 13)}`);
      return {
        method: 'PUT',
        path: `${admin}/settings`,
        body: { overrides: { session: { idleSeconds: 900 } } },
        token: await root(annal),
      };
    },
  },
];

/** Whether the token that a request was sent with still opens anything. */
export const opens = async (annal: Annal, token: string): Promise<boolean> =>
  (await annal.call('GET', `${api}/me`, { token })).status === 200;
