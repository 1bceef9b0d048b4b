import { expect } from 'chai';
import { callback, conformanceModule } from '../support/conformance.js';

/** RFC 6749 section 2.3.1: the client proves itself in the form. */
conformanceModule('oidcc-server-client-secret-post', async (rp) => {
  const { answer } = await rp.authorize();
  const { id, secret } = rp.client;
  const { status, body, text } = await rp.annal.call('POST', '/t/default/oauth2/token', {
    form: {
      grant_type: 'authorization_code',
      code: answer['code'] ?? '',
      redirect_uri: callback,
      client_id: id,
      client_secret: secret,
    },
  });
  expect(status, text).to.equal(200);
  await rp.verified(body['id_token'] as string);
});
