import { expect } from 'chai';
import { dynamicModule } from '../support/dynamic-conformance.js';

const sector = 'https://rp.example.com/sector';

/** OpenID Connect Dynamic Client Registration 1.0 section 5: a document that leaves a redirect URI out confirms nothing. */
dynamicModule('oidcc-registration-sector-bad', async (suite) => {
  suite.documents.documents.set(sector, ['https://rp.example.com/other']);
  const { status, body } = await suite.apps.register(suite.said({ sector_identifier_uri: sector }));
  expect({ status, error: body.error }).to.deep.equal({ status: 400, error: 'invalid_client_metadata' });
});
