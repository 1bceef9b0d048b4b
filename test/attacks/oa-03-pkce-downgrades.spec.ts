import { expect } from 'chai';
import { Annal } from '../support/annal.js';
import { overTls } from '../support/browser.js';
import { callback, RelyingParty } from '../support/conformance.js';
import { admitted, root } from '../support/people.js';

const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };

/** Somebody who has stolen a code takes PKCE off it. */
describe('attacks on PKCE', () => {
  let annal: Annal;
  let rp: RelyingParty;
  let strict: RelyingParty;
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
    const admin = await root(annal);
    const person = await admitted(annal, admin);
    rp = new RelyingParty(annal, admin, 'query', await RelyingParty.register(annal, admin), person);
    strict = rp.as(await RelyingParty.register(annal, admin, { requirePkce: true }));
  });
  after(() => annal.stop());

  const verifiers = { none: undefined, wrong: `${verifier.slice(1)}x`, right: verifier };
  const rows: readonly (readonly [boolean, keyof typeof verifiers, number])[] = [
    [true, 'none', 400],
    [true, 'wrong', 400],
    [true, 'right', 200],
    [false, 'none', 200],
    [false, 'wrong', 400],
    [false, 'right', 400],
  ];
  for (const [challenged, which, expected] of rows) {
    it(`OA-03: ${challenged ? 'a' : 'no'} challenge and ${which === 'none' ? 'no' : `the ${which}`} verifier give ${expected}`, async () => {
      const { answer } = await rp.authorize(challenged ? challenge : {});
      const presented = verifiers[which];
      const { status, body } = await rp.redeem(answer['code'] ?? '', presented ? { code_verifier: presented } : {});
      expect(status).to.equal(expected);
      if (expected === 400) expect(body['error']).to.equal('invalid_grant');
    });
  }

  it('OA-03: a client that was not exempted cannot leave it out', async () => {
    expect((await strict.authorize()).answer['error']).to.equal('invalid_request');
  });

  for (const method of ['plain', 'S512', undefined]) {
    it(`OA-04: the method ${method ?? '(none)'} is refused`, async () => {
      const { answer } = await strict.authorize({ ...challenge, code_challenge_method: method });
      expect(answer['error']).to.equal('invalid_request');
    });
  }

  it('OA-04: nothing but S256 is told', async () => {
    const { body } = await annal.call('GET', '/t/default/.well-known/openid-configuration');
    expect(body['code_challenge_methods_supported']).to.deep.equal(['S256']);
  });

  it('OA-01: the token endpoint compares the redirect URI as well', async () => {
    const { answer } = await rp.authorize();
    const { body } = await rp.redeem(answer['code'] ?? '', { redirect_uri: `${callback}/` });
    expect(body['error']).to.equal('invalid_grant');
  });
});
