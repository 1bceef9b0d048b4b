import { expect } from 'chai';
import { decodeProtectedHeader } from 'jose';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 2: `none` is only for those that asked for it; this service signs every ID token. */
conformanceModule('oidcc-idtoken-unsigned', async (rp) => {
  const { body } = await rp.annal.call<{ id_token_signing_alg_values_supported: string[] }>(
    'GET',
    '/t/default/.well-known/openid-configuration',
  );
  expect(body.id_token_signing_alg_values_supported).to.include('RS256').and.not.to.include('none');
  const { id_token: token } = await rp.tokens();
  expect(decodeProtectedHeader(token).alg).to.equal('RS256');
});
