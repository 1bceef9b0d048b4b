import { conformanceModule } from '../support/conformance.js';

/** RFC 6749 section 3.1: unknown parameters are ignored. */
conformanceModule('oidcc-ensure-request-with-unknown-parameter-succeeds', async (rp) => {
  const tokens = await rp.tokens({ extra: 'foobar' });
  await rp.verified(tokens.id_token);
});
