import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 3.1.2.1: prompt=login asks again, on the same session, and auth_time follows. */
conformanceModule('oidcc-prompt-login', async (rp) => {
  const first = await rp.verified((await rp.tokens()).id_token);
  rp.annal.clock.advance(2);
  const again = await rp.tokens({ prompt: 'login' });
  expect(again.asked).to.deep.equal(['sign-in']);
  const second = await rp.verified(again.id_token);
  expect(second['auth_time']).to.be.greaterThan(first['auth_time'] as number);
  expect(second['sid']).to.equal(first['sid']);
});
