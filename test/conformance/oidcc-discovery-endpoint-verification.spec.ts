import { expect } from 'chai';
import { routes } from '../../src/api/routes.js';
import { conformanceModule, issuer } from '../support/conformance.js';

/** OpenID Connect Discovery 1.0 sections 3 and 4: what is told is what is there, by the table of routes. */
conformanceModule(
  'oidcc-discovery-endpoint-verification',
  async ({ annal }) => {
    const path = '/t/default/.well-known/openid-configuration';
    const { status, headers, body } = await annal.call('GET', path);
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.match(/^application\/json/);
    expect(body['issuer']).to.equal(issuer);

    const endpoints = Object.entries(body).filter(([name]) => /_endpoint$|^jwks_uri$/.test(name));
    expect(endpoints.length).to.be.at.least(9);
    const paths = new Set<string>(routes.map((route) => route.path));
    for (const [name, url] of endpoints) {
      expect(url, name).to.satisfy((at: string) => at.startsWith(`${issuer}/`));
      expect(paths, name).to.include(String(url).replace(issuer, '/t/:tenant'));
    }
    expect(body['response_types_supported']).to.deep.equal(['code']);
    expect(body['response_modes_supported']).to.deep.equal(['query', 'form_post']);
    expect(body['id_token_signing_alg_values_supported']).to.include('RS256').and.not.to.include('none');
    for (const list of ['scopes', 'grant_types', 'subject_types', 'claims', 'ui_locales', 'acr_values']) {
      expect(body[`${list}_supported`], list).to.be.an('array').that.is.not.empty;
    }
    expect(body['code_challenge_methods_supported']).to.deep.equal(['S256']);

    const { body: jwks } = await annal.call<{ keys: readonly Record<string, string>[] }>('GET', '/t/default/jwks.json');
    for (const key of jwks.keys) expect(key).to.include.keys('kty', 'kid', 'alg', 'use').and.not.to.have.any.keys('d');

    const inserted = await annal.call('GET', '/.well-known/oauth-authorization-server/t/default');
    expect(inserted.body).to.deep.equal(body);
  },
  ['query'],
);
