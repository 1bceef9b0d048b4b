import { expect } from 'chai';
import { callback } from '../support/conformance.js';
import { dynamicModule } from '../support/dynamic-conformance.js';

const sector = 'https://rp.example.com/sector';

/** OpenID Connect Dynamic Client Registration 1.0 section 5: the document lists every redirect URI. */
dynamicModule('oidcc-registration-sector-uri', async (suite) => {
  suite.documents.documents.set(sector, [callback, 'https://rp.example.com/other']);
  const { rp, ...made } = await suite.registered({ sector_identifier_uri: sector });
  expect(made['sector_identifier_uri']).to.equal(sector);
  await rp.verified((await rp.tokens()).id_token);
});
