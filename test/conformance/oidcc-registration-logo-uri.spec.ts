import { expect } from 'chai';
import { dynamicModule } from '../support/dynamic-conformance.js';

const uri = 'https://rp.example.com/logo';

/** OpenID Connect Dynamic Client Registration 1.0 section 2: a picture that people see; the pages load nothing of others' (RFC 9700 section 4.2), so that it is kept and told. */
dynamicModule('oidcc-registration-logo-uri', async (suite) => {
  const made = await suite.registered({ logo_uri: uri });
  expect(made['logo_uri']).to.equal(uri);
  const read = await suite.apps.manage('GET', made, made.registration_access_token);
  expect(read.body['logo_uri']).to.equal(uri);
  await made.rp.verified((await made.rp.tokens()).id_token);
  expect(suite.documents.read).to.deep.equal([]);
});
