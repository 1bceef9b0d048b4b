import { expect } from 'chai';
import { Authenticator } from '../../src/api/access/authentication.js';
import { Gate } from '../../src/api/access/gate.js';
import { Tenants as TenantDirectory } from '../../src/api/access/tenants.js';
import { AccessTokens } from '../../src/application/access-tokens.js';
import { Clients } from '../../src/application/clients.js';
import { CodeGuesses } from '../../src/application/code-guesses.js';
import { Devices } from '../../src/application/devices.js';
import { Identifiers } from '../../src/application/identifiers.js';
import { Locking } from '../../src/application/locking.js';
import { PasswordCheck } from '../../src/application/password-check.js';
import { Passwords } from '../../src/application/passwords.js';
import { Attempts } from '../../src/application/ports/attempts.js';
import { Entropy } from '../../src/application/ports/entropy.js';
import { EventLog } from '../../src/application/ports/event-log.js';
import { Idempotency } from '../../src/application/ports/idempotency.js';
import { InlineModels } from '../../src/application/ports/inline-models.js';
import { MessageLimits } from '../../src/application/ports/message-limits.js';
import { PasswordHasher } from '../../src/application/ports/password-hasher.js';
import { PasswordStrength } from '../../src/application/ports/password-strength.js';
import { RateLimits } from '../../src/application/ports/rate-limits.js';
import { People } from '../../src/application/ports/people.js';
import { SecurityRows } from '../../src/application/ports/security-rows.js';
import { SingleUse, type SingleUseKind } from '../../src/application/ports/single-use.js';
import { Snapshots } from '../../src/application/ports/snapshots.js';
import { TokenSigner } from '../../src/application/ports/token-signer.js';
import { Vault } from '../../src/application/ports/vault.js';
import { RefreshTokens } from '../../src/application/refresh-tokens.js';
import { Sessions } from '../../src/application/sessions.js';
import { SignInFlows } from '../../src/application/sign-in-flow.js';
import { SigningKeyRing } from '../../src/application/signing-keys.js';
import { Tenants } from '../../src/application/tenants.js';
import { TokenStatus } from '../../src/application/token-status.js';
import { Transactor } from '../../src/application/transactor.js';
import { plusSeconds, type TenantId } from '../../src/domain/values.js';
import { LogEngine } from '../../src/infrastructure/event-log/log-engine.js';
import { Annal, type Answer, password } from '../support/annal.js';
import { eventsAfter, full, inTenant, me, newClient, refresh, settle } from '../support/attacking.js';
import { issuedNow } from '../support/issued.js';
import { api, newEmail, newTenant, root, signedIn, signIn, type SignInBody } from '../support/people.js';
import { Saboteur } from '../support/saboteur.js';

const dependencies = {
  AccessTokens,
  Attempts,
  Authenticator,
  Clients,
  CodeGuesses,
  Devices,
  EventLog,
  Gate,
  Idempotency,
  Identifiers,
  InlineModels,
  Locking,
  LogEngine,
  MessageLimits,
  PasswordCheck,
  PasswordHasher,
  PasswordStrength,
  Passwords,
  RateLimits,
  RefreshTokens,
  SecurityRows,
  Sessions,
  SignInFlows,
  SigningKeyRing,
  SingleUse,
  Snapshots,
  TenantDirectory,
  Tenants,
  TokenSigner,
  TokenStatus,
  Transactor,
  Vault,
} as const;

/** Asked before it is decided: where they fail, nothing is granted at all. What fails later may leave a session that nobody has the tokens of. */
const guards: ReadonlySet<string> = new Set([
  ...['Attempts', 'Authenticator', 'Clients', 'CodeGuesses', 'Gate', 'Identifiers', 'MessageLimits', 'PasswordCheck'],
  ...['PasswordHasher', 'PasswordStrength', 'Passwords', 'RateLimits', 'SingleUse', 'TenantDirectory', 'Tenants'],
]);

/** What guards do once it is decided. */
const tidying =
  /^(Attempts\.(clear|succeeded)|Identifiers\.(hold|free|release)|Passwords\.(isOf|shred)|SingleUse\.revoke) /;

/** Called by adapters themselves, not by those who depend on them. */
const inner: ReadonlySet<string> = new Set(['announce', 'forget', 'learnEpoch', 'prepareSegments', 'send']);

/** Facts that let somebody in, or change what lets them in. */
const granting =
  /^(session\.started|grant\.(given|refreshed)|user\.(registered|identifier-\w+|administrator-appointed)|credentials\.password-(set|changed|reset))$/;

type Ask = () => Promise<Answer<unknown>>;
type Door = Readonly<{ name: string; prepare: () => Promise<Ask> }>;

const letsIn = ({ status, body }: Answer<unknown>): boolean =>
  status < 300 && (body as { active?: boolean } | undefined)?.active !== false;
/** A connection that ends without an answer. */
const cut: Answer<unknown> = { status: 503, headers: new Headers(), text: '', body: undefined };
const givesTokens = ({ text }: Answer<unknown>): boolean => /annal_rt_|annal_dt_|eyJ/.test(text);

/** Somebody asks for what they may have, or may not, and a part of the service is gone. */
describe('attacks while a part of the service fails', () => {
  const wrong = 'this is not it, is it now';
  const users = '/api/v1/tenants/default/users';
  const lenient = inTenant('lenient');
  const patient = inTenant('patient');
  let annal: Annal;
  let admin: string;
  let tenant: TenantId;
  let saboteur: Saboteur;
  const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
    let made: Promise<T> | undefined;
    return () => (made ??= make());
  };

  async function newAccount(base = users): Promise<Readonly<{ email: string; user: string }>> {
    const email = newEmail();
    const { body } = await annal.call<{ id: string }>('POST', base, {
      body: { email, password, verified: true },
      token: admin,
    });
    return { email, user: body.id };
  }
  const signedInAccount = async () => {
    const account = await newAccount();
    return { ...account, ...(await signedIn(annal, account.email)) };
  };

  /** What the outbox does when something was asked for. */
  async function proof(kind: SingleUseKind, subject: string): Promise<string> {
    const entropy = annal.container.get(Entropy);
    const [token, at] = [entropy.token(256), annal.clock.now()];
    const expiresAt = plusSeconds(at, 600);
    const payload = { issued: await issuedNow(annal.container.get(People), tenant, subject) };
    const typed = { code: '123456', codeExpiresAt: expiresAt, maxTries: 5 };
    await annal.container.get(SingleUse).put({
      ...{ tenant, kind, subject, payload, sealedFor: 'person', token, at, expiresAt },
      eventId: entropy.uuid(),
      ...(kind === 'reset-password' && typed),
    });
    return token;
  }
  const post = (path: string, body: object, token?: string) =>
    annal.call('POST', path, { body, ...(token !== undefined && { token }) });
  async function newKey(): Promise<Readonly<{ id: string; key: string; accessToken: string }>> {
    const { accessToken } = await signedInAccount();
    const { body } = await annal.call<{ id: string; key: string }>('POST', `${api}/me/api-keys`, {
      body: { name: 'Export', scopes: ['account'] },
      token: accessToken,
    });
    return { ...body, accessToken };
  }
  const reset = (proven: object) =>
    post(`${api}/password-resets/confirm`, { ...proven, password: `${password} after a reset` });
  const introspect = (client: { basic: string }, token: string) =>
    annal.call('POST', '/t/default/oauth2/introspect', { form: { token }, headers: { authorization: client.basic } });

  /** What must not be let in, whatever happens; where it can be tried again, it was prepared once. */
  const refused: readonly Door[] = [
    {
      name: 'a wrong password',
      prepare: once(async () => {
        const { email } = await newAccount('/api/v1/tenants/lenient/users');
        return () => signIn(annal, email, wrong, lenient);
      }),
    },
    { name: 'a name of nobody', prepare: async () => () => signIn(annal, 'nobody@example.com', password, lenient) },
    {
      name: 'an empty password of an invited person',
      prepare: once(async () => {
        const email = newEmail();
        await post(users, { email }, admin);
        return () => signIn(annal, email, '');
      }),
    },
    {
      name: 'an API key that has ended',
      prepare: once(async () => {
        const { id, key, accessToken } = await newKey();
        await post(`${api}/me/api-keys/${id}/revoke`, {}, accessToken);
        return () => me(annal, key);
      }),
    },
    {
      name: 'the right password of a locked account',
      prepare: once(async () => {
        const { email } = await newAccount('/api/v1/tenants/patient/users');
        for (let guess = 0; guess < 10; guess += 1) await signIn(annal, email, wrong, patient);
        return () => signIn(annal, email, password, patient);
      }),
    },
    {
      name: 'the right password of a suspended person',
      prepare: once(async () => {
        const { email, user } = await newAccount();
        await post(`${users}/${user}/suspend`, { reason: 'x' }, admin);
        return () => signIn(annal, email);
      }),
    },
    {
      name: 'an access token of a session that ended',
      prepare: once(async () => {
        const { accessToken } = await signedInAccount();
        await annal.call('POST', `${api}/sign-out`, { token: accessToken });
        return () => me(annal, accessToken);
      }),
    },
    {
      name: 'an access token with another signature',
      prepare: once(async () => {
        const { accessToken } = await signedInAccount();
        const [head, claims, signature = ''] = accessToken.split('.');
        return () => me(annal, `${head}.${claims}.${signature.split('').reverse().join('')}`);
      }),
    },
    { name: 'no token at all', prepare: async () => () => annal.call('GET', `${api}/me`) },
    {
      name: 'a person without powers at an operation of administrators',
      prepare: once(async () => {
        const { accessToken, user } = await signedInAccount();
        return () => post(`${api}/users/${user}/appoint-administrator`, {}, accessToken);
      }),
    },
    {
      name: 'a refresh token that was traded',
      prepare: once(async () => {
        const { refreshToken } = await signedInAccount();
        await refresh(annal, refreshToken);
        return () => refresh(annal, refreshToken);
      }),
    },
    {
      name: 'a refresh token of a client without its secret',
      prepare: once(async () => {
        const [client, { email }] = [await newClient(annal, true), await newAccount()];
        const { body } = await annal.call<SignInBody>('POST', `${api}/sign-in`, {
          body: { identifier: email, password },
          headers: { authorization: client.basic },
        });
        return () => refresh(annal, body.tokens?.refreshToken ?? '', { client: client.id });
      }),
    },
    {
      name: 'a link that was used',
      prepare: once(async () => {
        const { user } = await newAccount();
        const token = await proof('reset-password', user);
        await reset({ token });
        return () => reset({ token });
      }),
    },
    {
      name: 'a wrong code',
      prepare: async () => {
        const { user, email } = await newAccount();
        await proof('reset-password', user);
        return () => reset({ identifier: email, code: '654321' });
      },
    },
    {
      name: 'a flow that was made up',
      prepare: async () => () => post(`${api}/sign-in/continue`, { flow: `v1.${'A'.repeat(120)}`, code: '123456' }),
    },
    {
      name: 'a change without the present password',
      prepare: once(async () => {
        const { email } = await newAccount('/api/v1/tenants/lenient/users');
        const { accessToken } = await signedIn(annal, email, password, lenient);
        return () => post(`${lenient}/me/password`, { current: wrong, password: `${password} changed` }, accessToken);
      }),
    },
    {
      name: 'a weak new password',
      prepare: once(async () => {
        const { accessToken } = await signedInAccount();
        return () => post(`${api}/me/password`, { current: password, password: 'short' }, accessToken);
      }),
    },
    {
      name: 'a name that is taken',
      prepare: once(async () => {
        const { email } = await newAccount();
        return () => post(users, { email, password, verified: true }, admin);
      }),
    },
    {
      name: 'a caller whose budget is spent',
      prepare: once(async () => {
        const ask = () => post(`${api}/password-resets`, { identifier: 'nobody@example.com' });
        await ask();
        return ask;
      }),
    },
    {
      name: 'an introspection of a token that ended',
      prepare: once(async () => {
        const [client, { accessToken }] = [await newClient(annal, true), await signedInAccount()];
        await annal.call('POST', `${api}/sign-out`, { token: accessToken });
        return () => introspect(client, accessToken);
      }),
    },
    {
      name: 'an introspection with a wrong secret',
      prepare: once(async () => {
        const [{ id }, { accessToken }] = [await newClient(annal, true), await signedInAccount()];
        return () => introspect({ basic: `Basic ${Buffer.from(`${id}:wrong`).toString('base64')}` }, accessToken);
      }),
    },
    {
      name: 'an introspection by a client that is disabled',
      prepare: once(async () => {
        const [client, { accessToken }] = [await newClient(annal, true), await signedInAccount()];
        await annal.call('POST', `/api/v1/tenants/default/clients/${client.id}/disable`, { token: admin });
        return () => introspect(client, accessToken);
      }),
    },
  ];

  /** What is let in while all is well. */
  const admitted: readonly Door[] = [
    {
      name: 'a right password',
      prepare: once(async () => {
        const { email } = await newAccount();
        return () => signIn(annal, email);
      }),
    },
    {
      name: 'an access token',
      prepare: once(async () => {
        const { accessToken } = await signedInAccount();
        return () => me(annal, accessToken);
      }),
    },
    {
      name: 'an API key',
      prepare: once(async () => {
        const { key } = await newKey();
        return () => me(annal, key);
      }),
    },
    {
      name: 'a refresh token',
      prepare: async () => {
        const { refreshToken } = await signedInAccount();
        return () => refresh(annal, refreshToken);
      },
    },
    {
      name: 'a link',
      prepare: async () => {
        const token = await proof('reset-password', (await newAccount()).user);
        return () => reset({ token });
      },
    },
    {
      name: 'a code',
      prepare: async () => {
        const { user, email } = await newAccount();
        await proof('reset-password', user);
        return () => reset({ identifier: email, code: '123456' });
      },
    },
    {
      name: 'an invitation',
      prepare: async () => {
        const { body } = await annal.call<{ id: string }>('POST', users, { body: { email: newEmail() }, token: admin });
        const token = await proof('invitation', body.id);
        return () => post(`${api}/invitations/accept`, { token, password });
      },
    },
    {
      name: 'a registration',
      prepare: async () => () => post(`${api}/registrations`, { email: newEmail(), password }),
    },
    {
      name: 'a new password',
      prepare: async () => {
        const { accessToken } = await signedInAccount();
        return () => post(`${api}/me/password`, { current: password, password: `${password} changed` }, accessToken);
      },
    },
    {
      name: 'an operation of administrators',
      prepare: async () => {
        const { user } = await newAccount();
        return () => post(`${users}/${user}/appoint-administrator`, {}, admin);
      },
    },
    {
      name: 'an introspection',
      prepare: once(async () => {
        const [client, { accessToken }] = [await newClient(annal, true), await signedInAccount()];
        return () => introspect(client, accessToken);
      }),
    },
  ];

  before(async () => {
    annal = await Annal.start({
      roles: ['api'],
      persistence: 'impatient',
      budgets: { mail: { points: 1, seconds: 3_600 } },
    });
    await newTenant(annal, 'lenient');
    await settle(annal, 'lenient', { lockout: { enabled: false } });
    await newTenant(annal, 'patient');
    await settle(annal, 'patient', { lockout: { firstDelaySeconds: 3_600, maxDelaySeconds: 3_600 } });
    admin = await root(annal);
    tenant = (await annal.container.get(SecurityRows).tenantBySlug('default'))?.id as TenantId;
    const objects = Object.entries(dependencies).map(([name, token]) => [name, annal.container.get<object>(token)]);
    saboteur = new Saboteur(Object.fromEntries(objects) as Record<string, object>, inner);
  });
  after(() => annal.stop());

  /** Lets everything that a door depends on fail, at its first, at its last and, in a full run, at every call. */
  async function failAll(
    { prepare }: Door,
    seen: (place: string, answer: Answer<unknown>, granted: readonly string[]) => void,
  ): Promise<void> {
    const calls = await saboteur.watch(await prepare());
    expect(calls.size).to.be.above(2);
    for (const [place, count] of calls) {
      const froms = full ? Array.from({ length: count }, (_, index) => index + 1) : new Set([1, count]);
      for (const from of froms) {
        const ask = await prepare();
        const before = await annal.head();
        const { failed, result } = await saboteur.fail(place, from, () => ask().catch(() => cut));
        if (!failed) continue;
        const id = result.headers.get('x-request-id');
        const events = (await eventsAfter(annal, before)).filter(({ correlationId }) => correlationId === id);
        const types = events.map(({ event }) => event.type);
        seen(
          `${place} #${from}`,
          result,
          types.filter((type) => granting.test(type)),
        );
      }
    }
  }

  const wrongAnswers = async (
    door: Door,
    isWrong: (place: string, answer: Answer<unknown>, granted: readonly string[]) => boolean,
  ) => {
    const found: string[] = [];
    await failAll(door, (place, answer, granted) => {
      if (isWrong(place, answer, granted)) found.push(`${place}: ${answer.status} ${granted.join()}`);
    });
    return found;
  };

  for (const door of refused) {
    it(`VC-31: ${door.name}; no failure of anything lets it in`, async function () {
      this.timeout(60_000);
      expect(letsIn(await (await door.prepare())())).to.equal(false);
      const opened = await wrongAnswers(
        door,
        (_, answer, granted) => letsIn(answer) || givesTokens(answer) || granted.length > 0,
      );
      expect(opened).to.deep.equal([]);
    });
  }

  for (const door of admitted) {
    it(`VC-31: ${door.name}; whatever it depends on denies by failing`, async function () {
      this.timeout(60_000);
      expect(letsIn(await (await door.prepare())())).to.equal(true);
      const opened = await wrongAnswers(door, (place, answer, granted) => {
        if (letsIn(answer) || givesTokens(answer)) return true;
        return granted.length > 0 && !tidying.test(place) && guards.has(place.slice(0, place.indexOf('.')));
      });
      expect(opened).to.deep.equal([]);
    });
  }
});
