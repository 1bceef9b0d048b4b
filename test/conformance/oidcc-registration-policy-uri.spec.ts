import { expect } from 'chai';
import { dynamicModule } from '../support/dynamic-conformance.js';

const uri = 'https://rp.example.com/policy';

/** OpenID Connect Dynamic Client Registration 1.0 section 2: where the application says what it does with data. */
dynamicModule('oidcc-registration-policy-uri', async (suite) => {
  const made = await suite.registered({ policy_uri: uri });
  expect(made['policy_uri']).to.equal(uri);
  const read = await suite.apps.manage('GET', made, made.registration_access_token);
  expect(read.body['policy_uri']).to.equal(uri);
  await made.rp.verified((await made.rp.tokens()).id_token);
  expect(suite.documents.read).to.deep.equal([]);
});
