import { expect } from 'chai';
import { Annal } from '../support/annal.js';
import { many } from '../support/attacking.js';
import { overTls } from '../support/browser.js';
import { RelyingParty } from '../support/conformance.js';
import { admitted, root } from '../support/people.js';

/** Somebody has got hold of a code. */
describe('attacks with authorization codes', () => {
  let annal: Annal;
  let admin: string;
  let rp: RelyingParty;
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
    admin = await root(annal);
    const client = await RelyingParty.register(annal, admin);
    rp = new RelyingParty(annal, admin, 'query', client, await admitted(annal, admin));
  });
  after(() => annal.stop());

  const code = async (): Promise<string> => (await rp.authorize()).answer['code'] ?? '';

  it('of fifty who redeem one at once at most one wins, and nothing that was given for it lives', async () => {
    const stolen = await code();
    const answers = await many(50, () => rp.redeem(stolen));
    const won = answers.filter(({ status }) => status === 200);
    expect(won.length).to.be.at.most(1);
    expect(answers.filter(({ body }) => body['error'] === 'invalid_grant').length).to.equal(50 - won.length);
    for (const { body } of won) {
      expect((await rp.userinfo(body['access_token'] as string)).status).to.equal(401);
      expect((await rp.refresh(body['refresh_token'] as string)).status).to.equal(400);
    }
  });

  it('another client cannot redeem it, and spends it by trying', async () => {
    const stolen = await code();
    const thief = rp.as(await RelyingParty.register(annal, admin));
    expect((await thief.redeem(stolen)).body['error']).to.equal('invalid_grant');
    expect((await rp.redeem(stolen)).body['error']).to.equal('invalid_grant');
  });

  it('it ends after a minute', async () => {
    const late = await code();
    annal.clock.advance(60);
    expect((await rp.redeem(late)).body['error']).to.equal('invalid_grant');
  });

  it('a cut or changed one is none', async () => {
    const right = await code();
    for (const wrong of [right.slice(0, -1), `${right}x`, right.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))]) {
      expect((await rp.redeem(wrong)).body['error']).to.equal('invalid_grant');
    }
    expect((await rp.redeem(right)).status).to.equal(200);
  });

  it('it is worth nothing once the person has been suspended', async () => {
    const person = await admitted(annal, admin);
    const party = rp.of(person);
    const { answer } = await party.authorize();
    await annal.call('POST', `/api/v1/tenants/default/users/${person.user}/suspend`, {
      body: { reason: 'x' },
      token: admin,
    });
    expect((await party.redeem(answer['code'] ?? '')).body['error']).to.equal('invalid_grant');
  });
});
