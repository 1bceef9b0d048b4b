import { expect } from 'chai';
import { Annal, type Answer } from '../support/annal.js';
import { eventsAfter } from '../support/attacking.js';
import type { HeldEngine } from '../support/held-engine.js';
import { HeldInstance } from '../support/held-instance.js';
import { api, newEmail, root, signIn } from '../support/people.js';

/** What the dead command was about to write when it died, or fell asleep. */
const points = { 'its password': 'credentials', 'its account': 'user' } as const;
const reserved = 30;

/** Somebody begins to register with an address and never ends, to keep it from its owner. */
describe('attacks by registrations that die on the way', () => {
  let annal: Annal;
  let elsewhere: Annal;
  let engine: HeldEngine;
  let held: HeldInstance;

  before(async () => {
    annal = await Annal.start();
    held = await HeldInstance.beside(annal);
    ({ annal: elsewhere, engine } = held);
  });
  after(async () => {
    await held.stop();
    await annal.stop();
  });

  const slowly = 'the password of the slow command';
  const quickly = 'the password of the quick command';
  const register = (at: Annal, email: string, password: string, key?: string): Promise<Answer<unknown>> =>
    at.call('POST', `${api}/registrations`, {
      body: { email, password },
      headers: { ...(key !== undefined && { 'idempotency-key': key }) },
    });

  for (const [name, category] of Object.entries(points)) {
    it(`VC-33: a command dies after its reservation, before ${name}; the name is free after thirty seconds, and the sleeper finds it taken`, async () => {
      const email = newEmail();
      const before = await annal.head();
      const typesOf = async (type: string) =>
        (await eventsAfter(annal, before)).filter(({ event }) => event.type === type);
      const key = `registration-before-${category}`;
      const stopped = engine.hold(category);
      const slow = register(elsewhere, email, slowly, key);
      await stopped.reached;

      annal.clock.advance(reserved - 1);
      expect((await register(annal, email, quickly)).status).to.equal(202);
      expect(await typesOf('user.registered')).to.deep.equal([]);
      annal.clock.advance(2);
      expect((await register(annal, email, quickly)).status).to.equal(202);
      const [registered, ...others] = await typesOf('user.registered');
      expect(registered).not.to.equal(undefined);
      expect(others).to.deep.equal([]);

      stopped.release();
      const late = await slow;
      expect(late.status, late.text).to.equal(202);
      // The client tries again, with the same key and with another one.
      expect((await register(elsewhere, email, slowly, key)).status).to.equal(202);
      expect((await register(elsewhere, email, slowly)).status).to.equal(202);
      expect(await typesOf('user.registered')).to.have.length(1);
      const holders = (await typesOf('claim.held')).map(({ event }) => (event as { user?: string }).user);
      expect(holders).to.deep.equal([(registered?.event as { user?: string } | undefined)?.user]);
      const { token } = await annal.mail(email, 'verify-email');
      await annal.call('POST', `${api}/verifications/confirm`, { body: { token } });
      expect((await signIn(annal, email, slowly)).status).to.equal(401);
      expect((await signIn(annal, email, quickly)).body.status).to.equal('signed-in');
    });
  }

  it('VC-33: whoever stalls a registration until the address beside a free user name is lost is answered like everybody', async () => {
    const email = newEmail();
    const stopped = engine.hold('user');
    const body = { email, username: `stalling.${email.split('@')[0]}`, password: slowly };
    const slow = elsewhere.call('POST', `${api}/registrations`, { body });
    await stopped.reached;
    annal.clock.advance(reserved + 1);
    expect((await register(annal, email, quickly)).status).to.equal(202);
    stopped.release();

    const late = await slow;
    const free = await register(annal, newEmail(), quickly);
    expect(late.status, late.text).to.equal(202);
    expect(late.text).to.equal(free.text);
    const { text } = await annal.mail(email, 'already-registered');
    expect(text).not.to.contain('stalling');
  });

  it('VC-33: a command dies after its account, before it holds the name; the name stays its own', async () => {
    const email = newEmail();
    const before = await annal.head();
    const token = await root(annal);
    const [firstHold, create] = [
      engine.hold('user'),
      (at: Annal) =>
        at.call('POST', '/api/v1/tenants/default/users', { body: { email, password: slowly, verified: true }, token }),
    ];
    const slow = create(elsewhere);
    await firstHold.reached;
    const stopped = engine.hold('claim');
    firstHold.release();
    await stopped.reached;

    annal.clock.advance(reserved + 1);
    expect((await create(annal)).status).to.equal(409);
    stopped.release();
    expect((await slow).status).to.equal(201);
    expect((await create(annal)).status).to.equal(409);
    const registered = (await eventsAfter(annal, before)).filter(({ event }) => event.type === 'user.registered');
    expect(registered).to.have.length(1);
    expect((await signIn(annal, email, slowly)).status).to.equal(200);
  });

  it('VC-33: two wake up at once and find the name of a third; none of them becomes a second holder', async () => {
    const email = newEmail();
    const before = await annal.head();
    const stopped = engine.hold('user');
    const slow = register(elsewhere, email, slowly);
    await stopped.reached;
    annal.clock.advance(reserved + 1);
    const rivals = Promise.all([register(annal, email, quickly), register(elsewhere, email, `${quickly} 2`)]);
    stopped.release();
    const answers = await Promise.all([slow, ...(await rivals)]);
    expect(answers.every(({ status }) => status === 202)).to.equal(true);
    const events = await eventsAfter(annal, before);
    expect(events.filter(({ event }) => event.type === 'user.registered')).to.have.length(1);
    expect(
      new Set(events.filter(({ event }) => event.type === 'claim.held').map(({ stream }) => stream)).size,
    ).to.equal(1);
    expect(events.filter(({ event }) => event.type === 'claim.held')).to.have.length(1);
  });
});
