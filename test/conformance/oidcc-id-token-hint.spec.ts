import { expect } from 'chai';
import { admitted } from '../support/people.js';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 3.1.2.1: id_token_hint with prompt=none, for the one who is signed in and for somebody else. */
conformanceModule('oidcc-id-token-hint', async (rp) => {
  const { id_token: hint } = await rp.tokens();
  const again = await rp.tokens({ prompt: 'none', id_token_hint: hint });
  expect((await rp.verified(again.id_token)).sub).to.equal((await rp.verified(hint)).sub);

  const other = rp.of(await admitted(rp.annal, rp.admin));
  await other.tokens();
  const { answer } = await other.authorize({ prompt: 'none', id_token_hint: hint });
  expect(answer['error']).to.equal('login_required');
  const { answer: forged } = await rp.authorize({ id_token_hint: `${hint.slice(0, -4)}AAAA` });
  expect(forged['error']).to.equal('invalid_request');
});
