import { expect } from 'chai';
import { fieldsOfClass } from '../../src/api/request/class-fields.js';
import { type Mount, mountsOf } from '../../src/api/server/mounting.js';
import { type AllServices, routes } from '../../src/api/routes.js';
import { Annal } from '../support/annal.js';
import { each } from '../support/attacking.js';
import { api, newPerson, type Person, root } from '../support/people.js';

const mounts: readonly Mount<AllServices>[] = routes.flatMap((route) => mountsOf(route));

/** Somebody says what is not theirs to say. */
describe('attacks with fields of others', () => {
  let annal: Annal;
  let system: string;
  let person: Person;
  let admin: Person;
  let victim: Person;

  before(async () => {
    annal = await Annal.start();
    system = await root(annal);
    [person, admin, victim] = [await newPerson(annal), await newPerson(annal), await newPerson(annal)];
    await annal.call('POST', `/api/v1/tenants/default/users/${admin.user}/appoint-administrator`, { token: system });
  });
  after(() => annal.stop());

  const target = ({ path }: Mount<AllServices>): string =>
    path.replaceAll(/:(\w+)/g, (_, name: string) => {
      const known = {
        tenant: 'default',
        kind: 'verify-email',
        locale: 'en',
        user: victim.user,
        session: victim.session,
      };
      return known[name as keyof typeof known] ?? `no-${name}`;
    });

  /** What the service knows by itself, by all the names that people have tried. */
  const readOnly = [
    ...[
      'id',
      'userId',
      'user_id',
      'user',
      'sub',
      'tenant',
      'tenantId',
      'tenant_id',
      'actor',
      'owner',
      'subject',
      'session',
      'grant',
    ],
    ...[
      'roles',
      'role',
      'permissions',
      'admin',
      'isAdmin',
      'administrator',
      'mfa',
      'amr',
      'acr',
      'auth_time',
      'impersonatedBy',
    ],
    ...[
      'verified',
      'email_verified',
      'emailVerified',
      'phone_verified',
      'status',
      'epoch',
      'policyRevision',
      'registeredAt',
      'createdAt',
    ],
    ...[
      'credential',
      'verifier',
      'passwordHash',
      'identifiers',
      'pending',
      'claims',
      'constructor',
      'toString',
      'hasOwnProperty',
    ],
  ];

  it('VC-06: somebody sends what is not theirs to say in every body, as nobody, as a person and as an administrator; refused, and nothing happens', async () => {
    const before = await annal.head();
    // Where the protocol has what is unknown ignored, specs of its own look at what becomes of it (VC-25).
    const asked = mounts.filter(({ route: { body, otherParameters } }) => {
      return body !== undefined && body.mediaType !== 'application/x-www-form-urlencoded' && !otherParameters;
    });
    const wrong = await each(
      asked,
      async (mount) => {
        const { body, access, method } = mount.route;
        if (body === undefined) return [];
        const strangers = readOnly.filter((name) => !fieldsOfClass(body.type).has(name));
        const sent = { ...body.example, ...Object.fromEntries(strangers.map((name) => [name, victim.user])) };
        const known = access === 'public' ? [] : [401];
        const callers = [undefined, person.accessToken, admin.accessToken, system];
        const found: string[] = [];
        for (const token of callers) {
          const answer = await annal.call<{ code: string; errors?: { pointer: string }[] }>(
            method.toUpperCase(),
            target(mount),
            { body: sent, ...(token !== undefined && { token }) },
          );
          const refused = answer.body.errors?.map(({ pointer }) => pointer.slice(1)).sort();
          const all = answer.status === 400 && JSON.stringify(refused) === JSON.stringify([...strangers].sort());
          if (!all && ![...known, 403].includes(answer.status))
            found.push(`${mount.route.id}: ${answer.status} ${answer.text}`);
        }
        return found;
      },
      4,
    );
    expect(wrong.flat()).to.deep.equal([]);
    expect(await annal.head()).to.equal(before);
  });

  it('VC-06: parameters that would choose another person are not known', async () => {
    const { accessToken: token } = person;
    for (const name of ['user', 'userId', 'sub', 'tenant']) {
      const { status } = await annal.call('GET', `${api}/me/login-history?${name}=${admin.user}`, {
        token,
      });
      expect(status, name).to.equal(400);
    }
  });

  it('VC-06: powers that stand among the attributes are words', async () => {
    const { accessToken: token } = person;
    const attributes = {
      administrator: 'true',
      email_verified: 'true',
      roles: 'admin',
      constructor: 'x',
      toString: 'x',
    };
    const changed = await annal.call<{ administrator: boolean; status: string }>('PATCH', `${api}/me`, {
      body: { attributes },
      token,
    });
    expect(changed.status).to.be.oneOf([200, 422]);
    expect((await annal.call('GET', `${api}/me`, { token })).body).to.include({
      administrator: false,
      status: 'active',
    });
    expect((await annal.call('GET', `${api}/users`, { token })).status).to.equal(403);
    expect(Object.hasOwn(Object.prototype, 'administrator')).to.equal(false);
  });
});
