import { client, type ClientCommand, type ClientEvent } from '../../../src/domain/client/client.js';
import { type ClientMetadata, ownMetadata } from '../../../src/domain/client/metadata.js';
import { given } from '../../support/given.js';
import { after, start } from '../../support/moments.js';

const at = after(60);
const shop = { name: 'Shop', metadata: ownMetadata(true), secretDigest: 'd1', at: start } as const;
const app = { name: 'App', metadata: ownMetadata(false), at: start } as const;

const registered: ClientEvent = { type: 'client.registered', ...shop };
const publicRegistered: ClientEvent = { type: 'client.registered', ...app };
const disabled: ClientEvent = { type: 'client.disabled', at: start };
const enabled: ClientEvent = { type: 'client.enabled', at: start };
const removed: ClientEvent = { type: 'client.removed', at: start };

const register: ClientCommand = { type: 'RegisterClient', ...shop };
const rotate: ClientCommand = { type: 'RotateClientSecret', secretDigest: 'd2', keptUntil: at, at };
const disable: ClientCommand = { type: 'DisableClient', at };
const enable: ClientCommand = { type: 'EnableClient', at };
const remove: ClientCommand = { type: 'RemoveClient', at };

describe('a client', () => {
  it('is registered once', () => {
    given(client)
      .when(register)
      .records(registered)
      .leaves({ status: 'enabled', ...shop, epoch: 0 })
      .again()
      .rejects('client-exists');
    given(client)
      .when({ type: 'RegisterClient', ...app })
      .records(publicRegistered)
      .leaves({ status: 'enabled', ...app, epoch: 0 });
  });

  it('is not registered again, not even after its end', () => {
    given(client, registered, disabled).when(register).rejects('client-exists');
    given(client, registered, removed).when(register).rejects('client-exists');
  });

  it('gets a new secret, which ends what was made under the old one', () => {
    given(client, registered)
      .when(rotate)
      .records({ type: 'client.secret-rotated', secretDigest: 'd2', keptUntil: at, at })
      .leaves({ status: 'enabled', ...shop, secretDigest: 'd2', epoch: 1 });
    given(client, registered, disabled)
      .when(rotate)
      .records({ type: 'client.secret-rotated', secretDigest: 'd2', keptUntil: at, at });
  });

  it('keeps its old secret for a while where that is wanted, which ends nothing', () => {
    const until = after(3_600);
    const overlapping: ClientEvent = { type: 'client.secret-rotated', secretDigest: 'd2', keptUntil: until, at };
    given(client, registered)
      .when({ ...rotate, keptUntil: until })
      .records(overlapping)
      .leaves({ status: 'enabled', ...shop, secretDigest: 'd2', oldSecret: { secretDigest: 'd1', until }, epoch: 0 });
    given(client, registered, overlapping)
      .when({ type: 'RotateClientSecret', secretDigest: 'd3', keptUntil: at, at })
      .records({ type: 'client.secret-rotated', secretDigest: 'd3', keptUntil: at, at })
      .leaves({ status: 'enabled', ...shop, secretDigest: 'd3', epoch: 1 });
  });

  it('that proves itself in another way has no secret any more', () => {
    const jwks = [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }];
    const metadata: ClientMetadata = { ...shop.metadata, authenticationMethod: 'private_key_jwt', jwks };
    given(client, registered)
      .when({ type: 'DescribeClient', name: 'Shop', metadata, at })
      .records({ type: 'client.metadata-changed', name: 'Shop', metadata, at })
      .leaves({ status: 'enabled', name: 'Shop', metadata, at: start, epoch: 0 });
    given(client, { type: 'client.registered', name: 'Shop', metadata, at: start })
      .when(rotate)
      .rejects('client-not-confidential');
  });

  it('has keys where it proves itself by them, said once, and algorithms that fit', () => {
    const described = (more: Partial<ClientMetadata>) =>
      given(client).when({ type: 'RegisterClient', ...shop, metadata: { ...shop.metadata, ...more } });
    const jwks = [{ kty: 'OKP', crv: 'Ed25519', x: 'x' }];
    const jwksUri = 'https://shop.example/keys';
    described({ authenticationMethod: 'private_key_jwt' }).rejects('keys-needed');
    described({ authenticationMethod: 'private_key_jwt', jwks: [] }).rejects('keys-needed');
    described({ jwks, jwksUri }).rejects('keys-twice');
    for (const algorithm of ['none', 'HS256', 'ES256K']) {
      described({
        authenticationMethod: 'private_key_jwt',
        jwksUri,
        authenticationSigningAlgorithm: algorithm,
      }).rejects('algorithm-not-of-method');
    }
    described({ authenticationMethod: 'client_secret_jwt', authenticationSigningAlgorithm: 'ES256' }).rejects(
      'algorithm-not-of-method',
    );
    described({ authenticationSigningAlgorithm: 'HS256' }).rejects('algorithm-not-of-method');
  });

  it('has no secret to rotate where it is public, unknown or removed', () => {
    given(client, publicRegistered).when(rotate).rejects('client-not-confidential');
    given(client).when(rotate).rejects('no-such-client');
    given(client, registered, removed).when(rotate).rejects('no-such-client');
  });

  it('is described anew, once, and keeps what was made for it', () => {
    const described = { name: 'Boutique', metadata: { ...shop.metadata, scopes: ['openid'] }, at };
    given(client, registered)
      .when({ type: 'DescribeClient', ...described })
      .records({ type: 'client.metadata-changed', ...described })
      .leaves({ status: 'enabled', ...shop, ...described, at: start, epoch: 0 })
      .again()
      .recordsNothing();
    given(client, registered)
      .when({ type: 'DescribeClient', ...described, metadata: app.metadata })
      .rejects('client-kind-fixed');
    given(client, registered, removed)
      .when({ type: 'DescribeClient', ...described })
      .rejects('no-such-client');
  });

  it('is what its parts allow together', () => {
    const byCode = {
      ...shop.metadata,
      grantTypes: ['authorization_code'],
      redirectUris: ['https://shop.example/cb'],
    } as const;
    const described = (metadata: ClientMetadata) => given(client).when({ type: 'RegisterClient', ...shop, metadata });
    described({ ...byCode, redirectUris: [] }).rejects('redirect-uris-needed');
    described({ ...shop.metadata, redirectUris: byCode.redirectUris }).rejects('redirect-uris-of-nothing');
    described({ ...shop.metadata, grantTypes: ['refresh_token'] }).rejects('refresh-without-code');
    described({ ...byCode, authenticationMethod: 'none', requirePkce: false }).rejects('public-client-without-pkce');
  });

  it('is disabled, which ends what was made for it, and stays over when it is enabled again', () => {
    given(client, registered)
      .when(disable)
      .records({ type: 'client.disabled', at })
      .leaves({ status: 'disabled', ...shop, epoch: 1 })
      .again()
      .recordsNothing();
    given(client, registered, disabled)
      .when(enable)
      .records({ type: 'client.enabled', at })
      .leaves({ status: 'enabled', ...shop, epoch: 1 })
      .again()
      .recordsNothing();
  });

  it('that is unknown or removed is neither disabled nor enabled', () => {
    for (const command of [disable, enable]) {
      given(client).when(command).rejects('no-such-client');
      given(client, registered, removed).when(command).rejects('no-such-client');
    }
  });

  it('is removed for good', () => {
    given(client, registered)
      .when(remove)
      .records({ type: 'client.removed', at })
      .leaves({ status: 'removed', epoch: 1 })
      .again()
      .recordsNothing();
    given(client, registered, disabled, enabled, disabled)
      .when(remove)
      .records({ type: 'client.removed', at })
      .leaves({ status: 'removed', epoch: 3 });
    given(client).when(remove).rejects('no-such-client');
  });

  it('that is gone is not changed by what comes after', () => {
    const late: readonly ClientEvent[] = [
      { type: 'client.secret-rotated', secretDigest: 'd2', keptUntil: at, at },
      disabled,
      enabled,
    ];
    given(client, registered, removed, ...late, removed).is({ status: 'removed', epoch: 1 });
    given(client, ...late, removed).is({ status: 'none' });
  });
});
