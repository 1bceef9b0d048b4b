import { expect } from 'chai';
import { callback, issuer } from '../support/conformance.js';
import { dynamicModule } from '../support/dynamic-conformance.js';

const withQuery = `${callback}?foo=bar`;

/** "The redirection endpoint … may include a query component …, which MUST be retained" (RFC 6749 section 3.1.2). */
dynamicModule('oidcc-redirect-uri-query-OK', async (suite) => {
  const { rp } = await suite.registered({ redirect_uris: [withQuery] });
  const { answer } = await rp.authorize({ redirect_uri: withQuery });
  expect(answer).to.include({ foo: 'bar', iss: issuer });
  const { status, body } = await rp.redeem(answer['code'] ?? '', { redirect_uri: withQuery });
  expect(status).to.equal(200);
  await rp.verified(body['id_token'] as string);
});
