import { expect } from 'chai';
import { Entropy } from '../../src/application/ports/entropy.js';
import { SingleUse } from '../../src/application/ports/single-use.js';
import { People } from '../../src/application/ports/people.js';
import { SecurityRows } from '../../src/application/ports/security-rows.js';
import { plusSeconds, type TenantId } from '../../src/domain/values.js';
import { Annal, type Answer, password } from '../support/annal.js';
import { issuedNow } from '../support/issued.js';
import { api, newPerson, type Person, root, signIn } from '../support/people.js';

const users = '/api/v1/tenants/default/users';
const secret = 'a password that must never be set';

type Proof = Readonly<{ token: string; code: string }>;

/** Somebody sends what nearly proves something. In which order steps may come is told by the stories of vc-07-recovery. */
describe('attacks on the requests of a recovery', () => {
  let annal: Annal;
  let admin: string;
  let tenant: TenantId;

  before(async () => {
    annal = await Annal.start();
    admin = await root(annal);
    tenant = (await annal.container.get(SecurityRows).tenantBySlug('default'))?.id as TenantId;
  });
  after(() => annal.stop());

  const post = (path: string, body: object): Promise<Answer<unknown>> => annal.call('POST', `${api}/${path}`, { body });
  const confirm = (body: object) => post('password-resets/confirm', body);

  /** What the outbox does when a reset was asked for, without the mail. */
  async function issue({ user }: Person): Promise<Proof> {
    const entropy = annal.container.get(Entropy);
    const at = annal.clock.now();
    const payload = { issued: await issuedNow(annal.container.get(People), tenant, user) };
    const [token, ends] = [entropy.token(256), plusSeconds(at, 600)];
    await annal.container.get(SingleUse).put({
      ...{ tenant, kind: 'reset-password', subject: user, payload, sealedFor: 'person', token, at },
      ...{ expiresAt: ends, eventId: entropy.uuid(), code: '123456', codeExpiresAt: ends, maxTries: 5 },
    });
    return { token, code: '123456' };
  }

  /** Bodies that prove nothing, whatever stands in them. */
  const odd: Readonly<Record<string, (proof: Proof, identifier: string) => Promise<Answer<unknown>>>> = {
    nothing: () => confirm({}),
    'a password alone': () => confirm({ password: secret }),
    'an empty link': () => confirm({ token: '', password: secret }),
    'a link that is null': () => confirm({ token: null, password: secret }),
    'a list of links': ({ token }) => confirm({ token: [token], password: secret }),
    'a name alone': (_, identifier) => confirm({ identifier, password: secret }),
    'a code alone': ({ code }) => confirm({ code, password: secret }),
    'an empty code': (_, identifier) => confirm({ identifier, code: '', password: secret }),
    'a code as a number': (_, identifier) => confirm({ identifier, code: 123_456, password: secret }),
    'the code of another': ({ code }) => confirm({ identifier: 'nobody@example.com', code, password: secret }),
    'the code as a link': ({ code }) => confirm({ token: code, password: secret }),
    'a shorter link': ({ token }) => confirm({ token: token.slice(0, -1), password: secret }),
    'a longer link': ({ token }) => confirm({ token: `${token} `, password: secret }),
    'an empty password': ({ token }) => confirm({ token, password: '' }),
    'more than belongs there': ({ token }) => confirm({ token, password: secret, user: 'x', verified: true }),
    'the link as a flow': ({ token }) => post('sign-in/continue', { flow: token, password: secret }),
    'the link as an invitation': ({ token }) => post('invitations/accept', { token, password: secret }),
    'the link as a verification': ({ token }) => post('verifications/confirm', { token }),
  };

  it('VC-07: a body that nearly proves something sets no password, and spends no link', async () => {
    const person = await newPerson(annal);
    const proof = await issue(person);
    for (const [name, send] of Object.entries(odd)) {
      expect((await send(proof, person.email)).status, name).to.be.within(400, 499);
      expect((await signIn(annal, person.email, secret)).status, name).to.equal(401);
      await annal.call('POST', `${users}/${person.user}/unlock`, { token: admin });
    }
    expect((await signIn(annal, person.email)).status).to.equal(200);
    expect((await confirm({ token: proof.token, password: `${password} new` })).status).to.equal(204);
    expect((await confirm({ token: proof.token, password: secret })).status).to.equal(400);
    expect((await signIn(annal, person.email, `${password} new`)).status).to.equal(200);
  });

  it('VC-07: whoever sends a link and a code is taken at the word of the link', async () => {
    const [person, other] = [await newPerson(annal), await newPerson(annal)];
    const [spent, theirs] = [await issue(person), await issue(other)];
    const both = { identifier: other.email, code: theirs.code };
    expect((await confirm({ token: 'x'.repeat(43), ...both, password: secret })).status).to.equal(400);
    expect((await confirm({ token: spent.token, ...both, password: `${password} new` })).status).to.equal(204);
    expect((await signIn(annal, person.email, `${password} new`)).status).to.equal(200);
    expect((await signIn(annal, other.email)).status).to.equal(200);
  });

  it('VC-07: an attacker brings every proof of an account of their own; the password of another stays', async () => {
    const attacker = await newPerson(annal);
    const own = await issue(attacker);
    const victim = await newPerson(annal);
    await annal.call('POST', `${users}/${attacker.user}/require-password-change`, { token: admin });
    const { flow } = (await signIn(annal, attacker.email)).body;
    const chosen = 'the password that the attacker chose';
    const attempts = [
      { identifier: victim.email, code: own.code, password: chosen },
      { identifier: victim.email, token: `${own.token}x`, code: own.code, password: chosen },
      { identifier: `${victim.email} `, code: own.code, password: chosen },
      { identifier: victim.email.toUpperCase(), code: own.code, password: chosen },
    ];
    for (const body of attempts) expect((await confirm(body)).status).to.be.oneOf([400, 422]);
    // Whatever else a body says, a proof is about its own account.
    expect((await confirm({ identifier: victim.email, token: own.token, password: chosen })).status).to.equal(204);
    expect((await post('sign-in/continue', { flow, password: `${chosen} too` })).status).to.equal(400);
    expect((await signIn(annal, victim.email)).status).to.equal(200);
    expect((await signIn(annal, victim.email, chosen)).status).to.equal(401);
    expect((await signIn(annal, attacker.email, chosen)).status).to.equal(200);
  });
});
