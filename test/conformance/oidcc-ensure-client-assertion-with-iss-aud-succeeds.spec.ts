import { expect } from 'chai';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { callback, issuer } from '../support/conformance.js';
import { dynamicModule } from '../support/dynamic-conformance.js';

/** draft-ietf-oauth-rfc7523bis: the audience of an assertion is the issuer, as a single string. */
dynamicModule('oidcc-ensure-client-assertion-with-iss-aud-succeeds', async (suite) => {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwks = { keys: [await exportJWK(publicKey)] };
  const { rp, client_id: id } = await suite.registered({ jwks, token_endpoint_auth_method: 'private_key_jwt' });
  const { answer } = await rp.authorize();
  const now = Math.floor(Date.parse(suite.annal.clock.now()) / 1000);
  const assertion = await new SignJWT({ iss: id, sub: id, aud: issuer, jti: 'one', iat: now, exp: now + 60 })
    .setProtectedHeader({ alg: 'ES256' })
    .sign(privateKey);
  const { status, text } = await suite.annal.call('POST', '/t/default/oauth2/token', {
    form: {
      grant_type: 'authorization_code',
      code: answer['code'] ?? '',
      redirect_uri: callback,
      client_assertion: assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    },
  });
  expect(status, text).to.equal(200);
});
