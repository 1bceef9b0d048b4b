import { expect } from 'chai';
import { Annal } from '../support/annal.js';
import {
  again,
  defaultTenant,
  each,
  eventsAfter,
  flipped,
  full,
  inTenant,
  isActive,
  many,
  me,
  newClient,
  refresh,
  settle,
  statuses,
  type TestClient,
  times,
  truncated,
  typesAfter,
} from '../support/attacking.js';
import { api, newPerson, newTenant, type Person, root, signIn } from '../support/people.js';

/** Somebody has a copy of a refresh token. */
describe('attacks on refresh tokens', () => {
  let annal: Annal;
  let elsewhere: Annal;
  let resource: TestClient;
  let victim: Person;
  const grace = inTenant('grace');
  let inGrace: Person;

  before(async () => {
    annal = await Annal.start();
    elsewhere = await annal.another();
    resource = await newClient(annal, true);
    victim = await newPerson(annal);
    await newTenant(annal, 'grace');
    await settle(annal, 'grace', { tokens: { refreshGraceSeconds: 10 } });
    inGrace = await newPerson(annal, 'grace@example.com', grace);
  });
  after(() => annal.stop());

  it('RT-01: a thief replays a token that was traded; the family, its access tokens and its session are over, and the owner hears of it', async () => {
    const first = await again(annal, victim);
    const second = await refresh(annal, first.refreshToken);
    expect(second.status).to.equal(200);
    const before = await annal.head();

    const replay = await refresh(annal, first.refreshToken);
    expect([replay.status, replay.body.code]).to.deep.equal([400, 'invalid-grant']);
    expect((await refresh(annal, second.body.refreshToken)).status).to.equal(400);
    for (const { accessToken } of [first, second.body]) {
      expect(await isActive(annal, resource, accessToken)).to.equal(false);
      expect((await me(annal, accessToken)).status).to.equal(401);
    }
    await refresh(annal, first.refreshToken);
    const types = await typesAfter(annal, before);
    expect(types.filter((type) => type === 'grant.reuse-detected')).to.have.length(1);
    expect(types).to.include('session.ended');
    expect((await annal.mail(victim.email, 'refresh-token-reused')).subject).not.to.equal('');
  });

  it('RT-02: fifty thieves post one token at once, to two instances; one of them wins, and nothing lives on', async () => {
    for (let round = 0; round < times(4, 1_000); round += 1) {
      const { refreshToken } = await again(annal, victim);
      const before = await annal.head();
      const answers = await many(50, (index) => refresh(index % 2 === 0 ? annal : elsewhere, refreshToken));
      expect(statuses(answers), `round ${round}`).to.deep.equal({ 200: 1, 400: 49 });
      const types = (await eventsAfter(annal, before)).map(({ event }) => event.type);
      expect(types.filter((type) => type === 'grant.refreshed')).to.have.length(1);
      expect(types.filter((type) => type === 'grant.reuse-detected')).to.have.length(1);
      const winner = answers.find(({ status }) => status === 200);
      expect((await refresh(annal, winner?.body.refreshToken ?? '')).status).to.equal(400);
      expect(await isActive(annal, resource, winner?.body.accessToken ?? '')).to.equal(false);
    }
  });

  it('RT-02: with a moment of grace fifty retries get one and the same successor, ten of them at most; there is one live leaf', async () => {
    for (let round = 0; round < times(3, 1_000); round += 1) {
      const { refreshToken } = await again(annal, inGrace, grace);
      const answers = await many(50, (index) => refresh(index % 2 === 0 ? annal : elsewhere, refreshToken, {}, grace));
      expect(statuses(answers), `round ${round}`).to.deep.equal({ 200: 1 + 10, 400: 39 });
      const winners = answers.filter(({ status }) => status === 200);
      const [successor = '', ...others] = new Set(winners.map(({ body }) => body.refreshToken));
      expect(others).to.deep.equal([]);
      expect((await refresh(annal, successor, {}, grace)).status).to.equal(200);
      // Two generations old: no grace can mean that one.
      expect((await refresh(annal, refreshToken, {}, grace)).status).to.equal(400);
      expect((await refresh(annal, successor, {}, grace)).status).to.equal(400);
    }
  });

  it('RT-03: a thief waits for a restart; an instance that remembers nothing refuses what was traded', async () => {
    const first = await again(annal, victim);
    const second = await refresh(annal, first.refreshToken);
    const restarted = await annal.another();
    expect((await refresh(restarted, first.refreshToken)).status).to.equal(400);
    expect((await refresh(restarted, second.body.refreshToken)).status).to.equal(400);
    expect((await me(restarted, second.body.accessToken)).status).to.equal(401);
    await restarted.stop();
  });

  it('RT-04: a thief replays any of twenty tokens of one second; what counts is the generation, not the time', async () => {
    for (const generation of full ? [...Array(19).keys()] : [0, 9, 18]) {
      const tokens = [(await again(annal, victim)).refreshToken];
      for (let turn = 0; turn < 20; turn += 1) {
        const next = await refresh(annal, tokens.at(-1) ?? '');
        tokens.push(next.body.refreshToken);
      }
      expect(new Set(tokens).size).to.equal(21);
      expect((await refresh(annal, tokens[generation] ?? '')).status, `generation ${generation}`).to.equal(400);
      expect((await refresh(annal, tokens.at(-1) ?? '')).status).to.equal(400);
    }
  });

  it('RT-05: a thief refreshes while the owner revokes; after the revocation no token of the family is active', async () => {
    const outcomes = await each(
      Array.from({ length: times(24, 1_000) }),
      async () => {
        const { refreshToken } = await again(annal, victim);
        const revoke = () => annal.call('POST', '/t/default/oauth2/revoke', { form: { token: refreshToken } });
        const [revoked, refreshed] = await Promise.all([revoke(), refresh(elsewhere, refreshToken)]);
        expect(revoked.status).to.equal(200);
        const later = await refresh(annal, refreshed.body.refreshToken ?? refreshToken);
        return { later: later.status, active: await isActive(annal, resource, refreshed.body.accessToken ?? 'none') };
      },
      4,
    );
    expect(outcomes.filter(({ later, active }) => later !== 400 || active)).to.deep.equal([]);
  });

  it('RT-06: a client presents the token of another; it gets nothing, and the rightful client loses nothing', async () => {
    const [own, other] = [await newClient(annal, false), await newClient(annal, false)];
    const { body } = await signIn(annal, victim.email, undefined, api, { client: own.id });
    const token = body.tokens?.refreshToken ?? '';
    for (const client of [other.id, 'annal', 'nobody', resource.id]) {
      expect((await refresh(annal, token, { client })).status, client).to.be.oneOf([400, 401]);
    }
    expect((await refresh(annal, token)).body.code).to.equal('invalid-grant');
    expect((await refresh(annal, token, { client: own.id })).status).to.equal(200);
  });

  it('RT-06: a client without its secret trades a stolen token of a confidential client; it has to prove itself', async () => {
    const own = await newClient(annal, true);
    const body = { identifier: victim.email, password: 'correct horse battery staple' };
    expect((await signIn(annal, victim.email, undefined, api, { client: own.id })).status).to.equal(401);
    const headers = { authorization: own.basic };
    const signedIn = await annal.call<{ tokens: { refreshToken: string } }>('POST', `${api}/sign-in`, {
      body,
      headers,
    });
    const { refreshToken } = signedIn.body.tokens;
    expect((await refresh(annal, refreshToken, { client: own.id })).status).to.equal(401);
    expect((await refresh(annal, refreshToken)).status).to.equal(400);
    const proved = await annal.call('POST', `${api}/tokens/refresh`, { body: { refreshToken }, headers });
    expect(proved.status).to.equal(200);
  });

  it('RT-07: a thief asks for a wider scope; refused, also in the moment of grace, and a narrower one narrows only that token', async () => {
    const { refreshToken } = await again(annal, inGrace, grace);
    const wide = { scope: 'openid admin' };
    const refused = await refresh(annal, refreshToken, wide, grace);
    expect(refused.body.code).to.equal('invalid-scope');
    const narrow = await refresh(annal, refreshToken, { scope: 'openid' }, grace);
    expect(narrow.body.scope).to.equal('openid');
    expect((await refresh(annal, refreshToken, wide, grace)).body.code).to.equal('invalid-scope');
    const same = await refresh(annal, narrow.body.refreshToken, {}, grace);
    expect(same.body.scope).to.equal('openid profile email phone address account administration');
  });

  it('RT-11: a guesser cuts, extends and flips bits of a refresh token; none is accepted and the real one stays good', async () => {
    const { refreshToken } = await again(annal, victim);
    const forged = [
      ...truncated(refreshToken),
      ...flipped(refreshToken, full ? 'all' : 'one'),
      `${refreshToken}A`,
      ` ${refreshToken}`,
      refreshToken.toUpperCase(),
      refreshToken.replace('annal_rt_', ''),
      `${refreshToken}=`,
    ];
    const before = await annal.head();
    const answers = await each(forged, (token) => refresh(annal, token));
    expect(answers.filter(({ status }) => status !== 400)).to.deep.equal([]);
    expect(await annal.head()).to.equal(before);
    expect((await refresh(annal, refreshToken)).status).to.equal(200);
  });

  it('RT-13: an answer is lost on the way; the strict family ends at the retry, the one with grace goes on', async () => {
    const strict = await again(annal, victim);
    const lenient = await again(annal, inGrace, grace);
    await Promise.all([refresh(annal, strict.refreshToken), refresh(annal, lenient.refreshToken, {}, grace)]);
    expect((await refresh(annal, strict.refreshToken)).status).to.equal(400);
    const retried = await refresh(annal, lenient.refreshToken, {}, grace);
    expect((await refresh(annal, retried.body.refreshToken, {}, grace)).status).to.equal(200);
  });

  it('an eavesdropper repeats a whole refresh with its Idempotency-Key; the key shields nobody from the detection', async () => {
    const { refreshToken } = await again(annal, victim);
    const headers = { 'idempotency-key': 'refresh-of-monday-0001' };
    const send = () =>
      annal.call<{ refreshToken: string }>('POST', `${api}/tokens/refresh`, { body: { refreshToken }, headers });
    const first = await send();
    expect(first.status).to.equal(200);
    expect((await send()).status).to.equal(400);
    expect((await refresh(annal, first.body.refreshToken)).status).to.equal(400);
  });

  it('RT-08: a thief keeps a token alive, or lets it rest; idle and absolute limits hold, whatever clocks do', async () => {
    const day = 86_400;
    const [idle, kept, jumping] = [await again(annal, victim), await again(annal, victim), await again(annal, victim)];
    annal.clock.advance(-3_600);
    const back = await refresh(annal, jumping.refreshToken);
    expect(back.status).to.equal(200);
    annal.clock.advance(7_200);
    expect((await refresh(annal, jumping.refreshToken)).status).to.equal(400);
    expect((await refresh(annal, back.body.refreshToken)).status).to.equal(400);

    annal.clock.advance(7 * day - 3_600);
    expect((await refresh(annal, idle.refreshToken)).status).to.equal(400);
    annal.clock.advance(-7 * day);
    let token = kept.refreshToken;
    for (let turn = 0; turn < 5; turn += 1) {
      const next = await refresh(annal, token);
      expect(next.status, `day ${turn * 6}`).to.equal(200);
      token = next.body.refreshToken;
      annal.clock.advance(6 * day - 1);
    }
    const last = await refresh(annal, token);
    expect(last.status).to.equal(200);
    annal.clock.advance(10);
    expect((await refresh(annal, last.body.refreshToken)).status).to.equal(400);
    expect((await me(annal, last.body.accessToken)).status).to.equal(401);
    annal.clock.advance(-30 * day);
  });

  it('a thief of the family list: the default tenant keeps no client of another tenant', async () => {
    const foreign = await newClient(annal, true, 'grace');
    const token = await root(annal);
    expect((await annal.call('POST', `${defaultTenant}/clients/${foreign.id}/secret`, { token })).status).to.equal(404);
  });
});
