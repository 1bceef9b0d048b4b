import { expect } from 'chai';
import { exportJWK, generateKeyPair } from 'jose';
import * as openid from 'openid-client';
import { Annal } from '../../support/annal.js';
import { fetchOf, origin, overTls } from '../../support/browser.js';
import { newPerson, root } from '../../support/people.js';

type Made = Readonly<{ client: string; secret?: string }>;

/** A client of openid-client proves itself in every way that discovery tells. */
describe('client authentication with a stock client', () => {
  let annal: Annal;
  let admin: string;
  let pair: CryptoKeyPair;
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
    admin = await root(annal);
    pair = await generateKeyPair('ES256');
  });
  after(() => annal.stop());

  const ways: Readonly<Record<string, (secret: string) => openid.ClientAuth>> = {
    client_secret_basic: (secret) => openid.ClientSecretBasic(secret),
    client_secret_post: (secret) => openid.ClientSecretPost(secret),
    client_secret_jwt: (secret) => openid.ClientSecretJwt(secret),
    private_key_jwt: () => openid.PrivateKeyJwt(pair.privateKey),
  };
  for (const [authenticationMethod, way] of Object.entries(ways)) {
    it(`${authenticationMethod}: introspects, and revokes what it may`, async () => {
      const jwks = { keys: [await exportJWK(pair.publicKey)] };
      const { body } = await annal.call<Made>('POST', '/api/v1/tenants/default/clients', {
        body: {
          ...{ name: 'API', kind: 'machine', authenticationMethod },
          ...(authenticationMethod === 'private_key_jwt' && { jwks }),
        },
        token: admin,
      });
      const config = await openid.discovery(
        new URL(`${origin}/t/default`),
        body.client,
        undefined,
        way(body.secret ?? ''),
        {
          [openid.customFetch]: fetchOf(annal) as openid.CustomFetch,
        },
      );
      expect(config.serverMetadata().token_endpoint_auth_methods_supported).to.include(authenticationMethod);
      const { accessToken, user } = await newPerson(annal);
      expect(await openid.tokenIntrospection(config, accessToken)).to.include({ active: true, sub: user });
      await openid.tokenRevocation(config, accessToken);
      // Of another client: no error, and no effect (RFC 7009 section 2.1).
      expect(await openid.tokenIntrospection(config, accessToken)).to.include({ active: true });
    });
  }
});
