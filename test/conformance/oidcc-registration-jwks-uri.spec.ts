import { expect } from 'chai';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { callback, issuer } from '../support/conformance.js';
import { dynamicModule } from '../support/dynamic-conformance.js';

const keys = 'https://rp.example.com/keys';

/** OpenID Connect Dynamic Client Registration 1.0 section 2: the client proves itself by a key that its own address tells. */
dynamicModule('oidcc-registration-jwks-uri', async (suite) => {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  suite.documents.documents.set(keys, { keys: [{ ...(await exportJWK(publicKey)), kid: 'rp', use: 'sig' }] });
  const {
    rp,
    client_id: id,
    ...made
  } = await suite.registered({
    jwks_uri: keys,
    token_endpoint_auth_method: 'private_key_jwt',
  });
  expect(made).to.include({ jwks_uri: keys }).and.not.have.property('client_secret');
  const { answer } = await rp.authorize();
  const now = Math.floor(Date.parse(suite.annal.clock.now()) / 1000);
  const assertion = await new SignJWT({ iss: id, sub: id, aud: issuer, jti: 'one', iat: now, exp: now + 60 })
    .setProtectedHeader({ alg: 'RS256', kid: 'rp' })
    .sign(privateKey);
  const { status, body, text } = await suite.annal.call('POST', '/t/default/oauth2/token', {
    form: {
      grant_type: 'authorization_code',
      code: answer['code'] ?? '',
      redirect_uri: callback,
      client_assertion: assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    },
  });
  expect(status, text).to.equal(200);
  await rp.verified(body['id_token'] as string);
  expect(suite.documents.read).to.deep.equal([keys]);
});
