import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** RFC 6749 section 4.1.2: a code that is used again after 30 seconds is denied, and ends what it was redeemed for. */
conformanceModule('oidcc-codereuse-30seconds', async (rp) => {
  const { answer } = await rp.authorize();
  const code = answer['code'] ?? '';
  const first = await rp.redeem(code);
  expect(first.status).to.equal(200);
  const token = first.body['access_token'] as string;
  expect((await rp.userinfo(token)).status).to.equal(200);
  rp.annal.clock.advance(30);
  const second = await rp.redeem(code);
  expect(second.status).to.equal(400);
  expect(second.body['error']).to.equal('invalid_grant');
  expect((await rp.userinfo(token)).status).to.equal(401);
  expect((await rp.refresh(first.body['refresh_token'] as string)).body['error']).to.equal('invalid_grant');
});
