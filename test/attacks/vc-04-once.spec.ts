import { expect } from 'chai';
import fc from 'fast-check';
import { FirstStart } from '../../src/application/first-start.js';
import { Entropy } from '../../src/application/ports/entropy.js';
import { SingleUse } from '../../src/application/ports/single-use.js';
import { plusSeconds, type TenantId } from '../../src/domain/values.js';
import { Annal, type Answer, password } from '../support/annal.js';
import { each, full, many, statuses, times } from '../support/attacking.js';
import { api, newEmail, newPerson, newTenant, root, type SignInBody, signIn } from '../support/people.js';

const rounds = times(1, 200);
const users = '/api/v1/tenants/default/users';

/** Somebody uses twice what works once, or takes it where it does not belong. */
describe('attacks on what works once', () => {
  let annal: Annal;
  let elsewhere: Annal;
  let admin: string;

  before(async () => {
    annal = await Annal.start();
    elsewhere = await annal.another();
    admin = await root(annal);
  });
  after(() => annal.stop());

  const post = (path: string, body: object, index = 0): Promise<Answer<Record<string, unknown>>> =>
    (index % 2 === 0 ? annal : elsewhere).call('POST', path, { body });
  const newPassword = (index: number): string => `the ${index}th new password of somebody`;

  type Artefact = Readonly<{ name: string; make: () => Promise<(index: number) => Promise<Answer<unknown>>> }>;

  const unverified = async () => {
    const email = newEmail();
    await post(`${api}/registrations`, { email, password });
    return { email, mail: await annal.mail(email, 'verify-email') };
  };
  const forgetful = async () => {
    const { email } = await newPerson(annal);
    await post(`${api}/password-resets`, { identifier: email });
    return { email, mail: await annal.mail(email, 'reset-password') };
  };

  const artefacts: readonly Artefact[] = [
    {
      name: 'the link of a verification',
      make: async () => {
        const { mail } = await unverified();
        return (index) => post(`${api}/verifications/confirm`, { token: mail.token }, index);
      },
    },
    {
      name: 'the code of a verification',
      make: async () => {
        const { email, mail } = await unverified();
        return (index) => post(`${api}/verifications/confirm`, { email, code: mail.code }, index);
      },
    },
    {
      name: 'the flow of a sign-in',
      make: async () => {
        const { email, mail } = await unverified();
        const { flow } = (await signIn(annal, email)).body;
        return (index) => post(`${api}/sign-in/continue`, { flow, code: mail.code }, index);
      },
    },
    {
      name: 'the link of a reset',
      make: async () => {
        const { mail } = await forgetful();
        return (index) =>
          post(`${api}/password-resets/confirm`, { token: mail.token, password: newPassword(index) }, index);
      },
    },
    {
      name: 'the code of a reset',
      make: async () => {
        const { email, mail } = await forgetful();
        const body = { identifier: email, code: mail.code };
        return (index) => post(`${api}/password-resets/confirm`, { ...body, password: newPassword(index) }, index);
      },
    },
    {
      name: 'an invitation',
      make: async () => {
        const email = newEmail();
        await annal.call('POST', users, { body: { email }, token: admin });
        const { token } = await annal.mail(email, 'invitation');
        return (index) => post(`${api}/invitations/accept`, { token, password: newPassword(index) }, index);
      },
    },
  ];

  for (const { name, make } of artefacts) {
    it(`VC-04: fifty at once use ${name}, at two instances; one of them does, and nobody afterwards`, async () => {
      for (let round = 0; round < rounds; round += 1) {
        const use = await make();
        const answers = await many(50, use);
        expect(answers.filter(({ status }) => status < 300)).to.have.length(1);
        expect(
          Object.keys(statuses(answers)).every((status) => ['200', '204', '400', '429'].includes(status)),
        ).to.equal(true);
        expect((await use(50)).status).to.be.oneOf([400, 429]);
      }
    });
  }

  it('VC-04: of fifty new passwords sent with one link, the one that was acknowledged is in force', async () => {
    const { email, mail } = await forgetful();
    const answers = await many(50, (index) =>
      post(`${api}/password-resets/confirm`, { token: mail.token, password: newPassword(index) }, index),
    );
    const winner = answers.findIndex(({ status }) => status === 204);
    expect((await signIn(annal, email, newPassword(winner))).status).to.equal(200);
    expect((await signIn(annal, email, newPassword((winner + 1) % 50))).status).to.equal(401);
  });

  it('VC-04: a newer link ends the older ones, and using one ends the code beside it', async () => {
    const { email, mail: older } = await forgetful();
    await post(`${api}/password-resets`, { identifier: email });
    const newer = await annal.mail(email, 'reset-password').then(async (first) => {
      let found = first;
      while (found.token === older.token) found = await annal.mail(email, 'reset-password');
      return found;
    });
    const use = (proof: object) => post(`${api}/password-resets/confirm`, { ...proof, password: newPassword(1) });
    expect((await use({ token: older.token })).status).to.equal(400);
    expect((await use({ token: newer.token })).status).to.equal(204);
    expect((await use({ identifier: email, code: newer.code })).status).to.equal(400);
  });

  it('VC-04, VC-14: what was made for one door is taken to every other; none opens', async () => {
    const person = await newPerson(annal);
    const { deviceToken = '' } = (await signIn(annal, person.email)).body;
    const { mail: verification } = await unverified();
    const waiting = await unverified();
    const { flow = '' } = (await signIn(annal, waiting.email)).body;
    const { mail: reset } = await forgetful();
    const invitee = newEmail();
    await annal.call('POST', users, { body: { email: invitee }, token: admin });
    const invitation = await annal.mail(invitee, 'invitation');
    const setup = new URL(await annal.container.get(FirstStart).setupLink()).searchParams.get('token') ?? '';
    const things = {
      ...{ verification: verification.token, reset: reset.token, invitation: invitation.token, setup, flow },
      ...{ refresh: person.refreshToken, access: person.accessToken, device: deviceToken },
      ...{ 'verification code': verification.code, 'reset code': reset.code },
    };
    const elsewhereTenant = (await newTenant(annal, 'doors')).base;
    type Thing = keyof typeof things;
    const doors: Readonly<
      Record<string, Readonly<{ own: Thing | undefined; open: (thing: string) => Promise<Answer<unknown>> }>>
    > = {
      verification: { own: 'verification', open: (token) => post(`${api}/verifications/confirm`, { token }) },
      reset: {
        own: 'reset',
        open: (token) => post(`${api}/password-resets/confirm`, { token, password: newPassword(2) }),
      },
      invitation: {
        own: 'invitation',
        open: (token) => post(`${api}/invitations/accept`, { token, password: newPassword(2) }),
      },
      setup: {
        own: undefined,
        open: (token) => post('/api/v1/setup', { token, email: newEmail(), password: newPassword(2) }),
      },
      flow: { own: 'flow', open: (given) => post(`${api}/sign-in/continue`, { flow: given, code: waiting.mail.code }) },
      refresh: { own: 'refresh', open: (refreshToken) => post(`${api}/tokens/refresh`, { refreshToken }) },
      bearer: { own: 'access', open: (token) => annal.call('GET', `${api}/me`, { token }) },
      'bearer of an administrator': { own: undefined, open: (token) => annal.call('GET', users, { token }) },
    };
    const abroad: typeof doors = {
      ...{
        'verification abroad': {
          own: undefined,
          open: (token) => post(`${elsewhereTenant}/verifications/confirm`, { token }),
        },
      },
      ...{
        'reset abroad': {
          own: undefined,
          open: (token) => post(`${elsewhereTenant}/password-resets/confirm`, { token, password: newPassword(2) }),
        },
      },
      ...{
        'invitation abroad': {
          own: undefined,
          open: (token) => post(`${elsewhereTenant}/invitations/accept`, { token, password: newPassword(2) }),
        },
      },
      ...{
        'flow abroad': {
          own: undefined,
          open: (given) => post(`${elsewhereTenant}/sign-in/continue`, { flow: given, code: waiting.mail.code }),
        },
      },
      ...{
        'refresh abroad': {
          own: undefined,
          open: (refreshToken) => post(`${elsewhereTenant}/tokens/refresh`, { refreshToken }),
        },
      },
      ...{
        'bearer abroad': { own: undefined, open: (token) => annal.call('GET', `${elsewhereTenant}/me`, { token }) },
      },
    };
    const opened: string[] = [];
    for (const [door, { own, open }] of Object.entries({ ...doors, ...abroad })) {
      for (const [thing, value] of Object.entries(things)) {
        if (thing === own) continue;
        const { status } = await open(value);
        expect(status, `${thing} at ${door}`).to.be.below(500);
        if (status < 400) opened.push(`${thing} at ${door}`);
      }
    }
    expect(opened).to.deep.equal([]);
    // None of them was spent on the way.
    for (const [door, { own, open }] of Object.entries(doors)) {
      if (own !== undefined) expect((await open(things[own])).status, door).to.be.below(300);
    }
  });

  it('VC-04: the link of the first start is of no use to the second', async () => {
    const links = await Promise.all([1, 2, 3].map(() => annal.container.get(FirstStart).setupLink()));
    const answers = await each(links, (link) =>
      post('/api/v1/setup', { token: new URL(link).searchParams.get('token'), email: newEmail(), password }),
    );
    expect(statuses(answers)).to.deep.equal({ 400: 3 });
  });

  describe('a reset, whatever is sent in whatever order (VC-07)', () => {
    type Proof = { token: string; code: string; open: boolean; tries: number };
    type Step =
      | Readonly<{ kind: 'issue' }>
      | Readonly<{ kind: 'token'; which: number; secret: number }>
      | Readonly<{ kind: 'code'; which: number; secret: number }>
      | Readonly<{ kind: 'both'; which: number; other: number; secret: number }>
      | Readonly<{ kind: 'odd'; which: number; body: number }>;

    const which = fc.nat(3);
    const secret = fc.nat(5);
    const step: fc.Arbitrary<Step> = fc.oneof(
      { weight: 3, arbitrary: fc.constant({ kind: 'issue' } as const) },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('token' as const), which, secret }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('code' as const), which, secret }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('both' as const), which, other: which, secret }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('odd' as const), which, body: fc.nat(14) }) },
    );

    const identifier = 'forgetful.ada@example.com';
    let user: string;
    let tenant: TenantId;
    let sequence = 0;
    let inForce = password;

    before(async () => {
      const made = await annal.call<{ id: string }>('POST', users, {
        body: { email: identifier, password, verified: true },
        token: admin,
      });
      user = made.body.id;
      const { rows } = await annal.database.pool.query<{ tenant: TenantId }>(
        "select split_part(substr(stream, 6), '_', 1) as tenant from streams where stream like $1",
        [`user-%${user}`],
      );
      tenant = rows[0]?.tenant as TenantId;
    });

    /** What the outbox does when a reset was asked for, without the mail. */
    async function issue(code: string): Promise<Proof> {
      const entropy = annal.container.get(Entropy);
      const at = annal.clock.now();
      const token = entropy.token(256);
      const ends = plusSeconds(at, 600);
      await annal.container.get(SingleUse).put({
        ...{ tenant, kind: 'reset-password', subject: user, payload: {}, sealedFor: 'person', token, at },
        ...{ expiresAt: ends, eventId: entropy.uuid(), code, codeExpiresAt: ends, maxTries: 5 },
      });
      return { token, code, open: true, tries: 5 };
    }

    const confirm = (body: object) => post(`${api}/password-resets/confirm`, body);

    /** Bodies that prove nothing, whatever stands in them. */
    const odd = ({ token, code }: Proof): readonly (() => Promise<Answer<unknown>>)[] => {
      const secret = 'a password that must never be set';
      return [
        () => confirm({}),
        () => confirm({ password: secret }),
        () => confirm({ token: '', password: secret }),
        () => confirm({ token: null, password: secret }),
        () => confirm({ token: [token], password: secret }),
        () => confirm({ identifier, password: secret }),
        () => confirm({ code, password: secret }),
        () => confirm({ identifier, code: '', password: secret }),
        () => confirm({ identifier: 'nobody@example.com', code, password: secret }),
        () => confirm({ token: token.slice(0, -1), password: secret }),
        () => confirm({ token: `${token} `, password: secret }),
        () => confirm({ token, password: '' }),
        () => confirm({ token, password: secret, user, verified: true }),
        () => post(`${api}/sign-in/continue`, { flow: token, password: secret }),
        () => post(`${api}/invitations/accept`, { token, password: secret }),
      ];
    };

    it('sets a new password only with a proof that the same request spends', async function () {
      this.timeout(full ? 3_600_000 : 60_000);
      const run = async (steps: readonly Step[]): Promise<void> => {
        await annal.call('POST', `${users}/${user}/unlock`, { token: admin });
        const mine = ++sequence;
        const proofs: Proof[] = [];
        const none: Proof = { token: 'x'.repeat(43), code: '999999', open: false, tries: 0 };
        const proofAt = (index: number): Proof => proofs.at(-1 - index) ?? none;
        const secretOf = (index: number): string => `password ${index} of the sequence ${mine}`;
        let wrong = 0;

        const spend = (index: number): void => {
          inForce = secretOf(index);
          for (const proof of proofs) proof.open = false;
          wrong = 0;
        };
        for (const one of steps) {
          const open = proofs.find((proof) => proof.open);
          switch (one.kind) {
            case 'issue':
              if (open) open.open = false;
              proofs.push(await issue(String(100_000 + proofs.length)));
              break;
            case 'token':
            case 'both': {
              const proof = proofAt(one.which);
              // Whoever sends both is taken at the word of the link.
              const more = one.kind === 'both' ? { identifier, code: proofAt(one.other).code } : {};
              const { status } = await confirm({ token: proof.token, password: secretOf(one.secret), ...more });
              expect(status).to.equal(proof.open ? 204 : 400);
              if (proof.open) spend(one.secret);
              break;
            }
            case 'code': {
              const { code } = proofAt(one.which);
              const { status } = await confirm({ identifier, code, password: secretOf(one.secret) });
              const right = open !== undefined && open.code === code && open.tries > 0;
              expect(status).to.equal(wrong >= 10 ? 429 : right ? 204 : 400);
              if (wrong >= 10) break;
              if (right) spend(one.secret);
              else {
                wrong += 1;
                if (open && open.tries > 0) open.tries -= 1;
              }
              break;
            }
            case 'odd': {
              const guesses = one.body === 7 || one.body === 8;
              const { status } = await (odd(proofAt(one.which))[one.body] as () => Promise<Answer<unknown>>)();
              expect(status).to.be.within(400, 499);
              // An empty code of the account is a wrong one; one of nobody is nobody's.
              if (guesses && one.body === 7 && wrong < 10) {
                wrong += 1;
                if (open && open.tries > 0) open.tries -= 1;
              }
            }
          }
        }
        expect((await signIn(annal, identifier, inForce)).status).to.equal(200);
        expect((await signIn(annal, identifier, 'a password that must never be set')).status).to.equal(401);
      };
      const sequences = times(25, 10_000);
      await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 9 }), run), { numRuns: sequences });
      expect(sequence).to.be.at.least(sequences);
    });

    it('an attacker brings every proof of an account of their own; the password of another stays', async () => {
      const attacker = await newPerson(annal);
      await post(`${api}/password-resets`, { identifier: attacker.email });
      const own = await annal.mail(attacker.email, 'reset-password');
      const victim = await newPerson(annal);
      const { flow } = (await requireChange(attacker.user, attacker.email)).body;
      const secret = 'the password that the attacker chose';
      const attempts = [
        { identifier: victim.email, code: own.code, password: secret },
        { identifier: victim.email, token: `${own.token}x`, code: own.code, password: secret },
        { identifier: `${victim.email} `, code: own.code, password: secret },
        { identifier: attacker.email.toUpperCase().replace('PERSON', 'PERSON0'), code: own.code, password: secret },
      ];
      for (const body of attempts) expect((await confirm(body)).status).to.be.oneOf([400, 422]);
      // Whatever else a body says, a proof is about its own account.
      expect((await confirm({ identifier: victim.email, token: own.token, password: secret })).status).to.equal(204);
      expect((await post(`${api}/sign-in/continue`, { flow, password: `${secret} too` })).status).to.equal(400);
      expect((await signIn(annal, victim.email)).status).to.equal(200);
      expect((await signIn(annal, victim.email, secret)).status).to.equal(401);
      expect((await signIn(annal, attacker.email, secret)).status).to.equal(200);
    });

    async function requireChange(id: string, email: string): Promise<Answer<SignInBody>> {
      await annal.call('POST', `${users}/${id}/require-password-change`, { token: admin });
      return signIn(annal, email);
    }
  });
});
