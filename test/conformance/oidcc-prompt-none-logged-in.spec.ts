import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 3.1.2.1: prompt=none with somebody signed in, who is asked nothing. */
conformanceModule('oidcc-prompt-none-logged-in', async (rp) => {
  const first = await rp.verified((await rp.tokens()).id_token);
  const { id_token: token, asked } = await rp.tokens({ prompt: 'none' });
  expect(asked).to.deep.equal([]);
  const { sub, auth_time: at } = await rp.verified(token);
  expect({ sub, at }).to.deep.equal({ sub: first.sub, at: first['auth_time'] });
});
