import { expect } from 'chai';
import { Annal, password } from '../support/annal.js';
import { each, eventsAfter, inTenant, statuses } from '../support/attacking.js';
import { api, newEmail, newPerson, newTenant, type Person, signIn, type Tokens } from '../support/people.js';

const threshold = 10;

/** Somebody guesses in order to keep others out, or writes to them in order to bury them. */
describe('attacks by locking others out', () => {
  let annal: Annal;

  before(async () => {
    annal = await Annal.start();
  });
  after(() => annal.stop());

  const wrong = (identifier: string, more: object = {}) =>
    signIn(annal, identifier, 'this is not it, is it now', api, more);

  it('VC-10: strangers lock an account out from everywhere; the owner’s device signs in, and changes the password', async () => {
    const person: Person = await newPerson(annal);
    const { body } = await signIn(annal, person.email);
    const deviceToken = body.deviceToken ?? '';
    await each(Array.from({ length: 60 }), () => wrong(person.email));
    expect((await signIn(annal, person.email)).status).to.equal(429);
    const known = await signIn(annal, person.email, password, api, { deviceToken });
    expect(known.body.status).to.equal('signed-in');
    const changed = await annal.call<Tokens>('POST', `${api}/me/password`, {
      body: { current: password, password: `${password} 5` },
      token: known.body.tokens?.accessToken ?? '',
    });
    expect(changed.status).to.equal(200);
    // That device has its own ten tries, and uses up nobody else’s.
    const guesses = await each(Array.from({ length: 30 }), () => wrong(person.email, { deviceToken }));
    expect(statuses(guesses)).to.deep.equal({ 401: threshold, 429: 20 });
  });

  it('VC-10: a stranger brings the token of another device, person or tenant; it is a stranger’s', async () => {
    const [victim, stranger] = [await newPerson(annal), await newPerson(annal)];
    await newTenant(annal, 'devices');
    const elsewhere = await newPerson(annal, newEmail(), inTenant('devices'));
    const tokenOf = async (email: string, base = api) =>
      (await signIn(annal, email, password, base)).body.deviceToken ?? '';
    const own = await tokenOf(victim.email);
    const foreign = [
      await tokenOf(stranger.email),
      await tokenOf(elsewhere.email, inTenant('devices')),
      `${own}x`,
      own.slice(0, -1),
      own.toUpperCase(),
      '',
    ];
    await each(Array.from({ length: threshold }), () => wrong(victim.email));
    for (const deviceToken of foreign) {
      expect((await signIn(annal, victim.email, password, api, { deviceToken })).status, deviceToken).to.equal(429);
    }
    expect((await signIn(annal, victim.email, password, api, { deviceToken: own })).status).to.equal(200);
  });

  it('VC-10: a stranger registers with somebody’s address over and over; its owner hears of it five times an hour', async () => {
    const { email } = await newPerson(annal);
    const before = await annal.head();
    const again = () => annal.call('POST', `${api}/registrations`, { body: { email, password } });
    const notes = async () =>
      (await eventsAfter(annal, before)).filter(({ event }) => event.type === 'user.registration-repeated').length;
    for (let time = 0; time < 8; time += 1) expect((await again()).status).to.equal(202);
    expect(await notes()).to.equal(5);
    annal.clock.advance(3_601);
    expect((await again()).status).to.equal(202);
    expect(await notes()).to.equal(6);
    annal.clock.advance(-3_601);
  });
});
