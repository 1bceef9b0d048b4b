import { expect } from 'chai';
import { FirstStart } from '../../src/application/first-start.js';
import { Annal, password } from '../support/annal.js';
import { inTenant, many, statuses } from '../support/attacking.js';
import { newEmail, newPerson, root, signIn } from '../support/people.js';
import { closings, Holders, letsIn, type Way, ways } from './disabled-entities.js';

/** Somebody goes on with what was given to them before it was taken away. */
describe('attacks with what was disabled', () => {
  let annal: Annal;
  let admin: string;
  let holders: Holders;

  before(async () => {
    annal = await Annal.start();
    admin = await root(annal);
    holders = await Holders.of(annal);
  });
  after(() => annal.stop());

  it('VC-12: everything that is held works before', async () => {
    const held = await holders.holding('client');
    const seen: string[] = [];
    for (const way of ['bearer', 'introspection', 'refresh', 'sign-in', 'continue'] as const) {
      if (letsIn(await ways[way](held))) seen.push(way);
    }
    expect(seen).to.deep.equal(['bearer', 'introspection', 'refresh', 'sign-in', 'continue']);
    expect(letsIn(await ways.reset(await holders.holding('person')))).to.equal(true);
  });

  for (const { name, about, close, free = [] } of closings) {
    it(`VC-12, RT-09: ${name}; nothing that was held before lets anybody in`, async () => {
      const held = await holders.holding(about);
      await close(held);
      for (const way of Object.keys(ways) as Way[]) {
        expect(letsIn(await ways[way](held)), way).to.equal(free.includes(way));
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
