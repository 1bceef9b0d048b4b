import { expect } from 'chai';
import { FirstStart } from '../../src/application/first-start.js';
import { Annal, type Answer, password } from '../support/annal.js';
import { each, many, statuses, times } from '../support/attacking.js';
import { api, newEmail, newPerson, newTenant, root, signIn, unproved } from '../support/people.js';

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
    const email = await unproved(annal);
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

  it('VC-04: older links stay until one is used; using one ends all of them, and the code beside it', async () => {
    const { email, mail: older } = await forgetful();
    await post(`${api}/password-resets`, { identifier: email });
    const newer = await annal.mail(email, 'reset-password').then(async (first) => {
      let found = first;
      while (found.token === older.token) found = await annal.mail(email, 'reset-password');
      return found;
    });
    const use = (proof: object) => post(`${api}/password-resets/confirm`, { ...proof, password: newPassword(1) });
    expect((await use({ token: older.token })).status).to.equal(204);
    expect((await use({ token: newer.token })).status).to.equal(400);
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
});
