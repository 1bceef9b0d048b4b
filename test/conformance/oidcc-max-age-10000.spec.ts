import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 3.1.2.1: with max_age=10000 nobody is asked, and auth_time stays. */
conformanceModule('oidcc-max-age-10000', async (rp) => {
  const first = await rp.verified((await rp.tokens()).id_token);
  rp.annal.clock.advance(2);
  const again = await rp.tokens({ max_age: '10000' });
  expect(again.asked).to.deep.equal([]);
  expect((await rp.verified(again.id_token))['auth_time']).to.equal(first['auth_time']);
});
