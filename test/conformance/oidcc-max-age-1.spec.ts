import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 3.1.2.1: with max_age=1 a proof of two seconds ago is too old. */
conformanceModule('oidcc-max-age-1', async (rp) => {
  const first = await rp.verified((await rp.tokens()).id_token);
  rp.annal.clock.advance(2);
  const again = await rp.tokens({ max_age: '1' });
  expect(again.asked).to.deep.equal(['sign-in']);
  expect((await rp.verified(again.id_token))['auth_time']).to.be.greaterThan(first['auth_time'] as number);
});
