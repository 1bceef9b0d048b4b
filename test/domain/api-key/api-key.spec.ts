import { apiKey, type ApiKeyCommand, type ApiKeyEvent, sealedFor } from '../../../src/domain/api-key/api-key.js';
import type { ApiKeyId, UserId } from '../../../src/domain/values.js';
import { given } from '../../support/given.js';
import { after, start } from '../../support/moments.js';

const at = after(60);
const owner = { kind: 'user', id: 'ada' as UserId } as const;
const key = 'k1' as ApiKeyId;
const terms = {
  about: sealedFor(owner, { name: 'Export', tags: { environment: 'production' } }),
  scopes: ['account'],
  addresses: ['192.0.2.0/24'],
  expiresAt: after(3_600),
};
const made = { key, owner, ...terms, digest: 'd1', at: start };
const created: ApiKeyEvent = { type: 'api-key.created', ...made };
const revoked: ApiKeyEvent = { type: 'api-key.revoked', key, reason: 'revoked', at: start };
const { expiresAt: _, ...lasting } = terms;
const changes: readonly ApiKeyCommand[] = [
  { type: 'ChangeApiKey', key, ...terms, at },
  { type: 'RotateApiKey', key, digest: 'd2', previousUntil: after(120), at },
];

describe('an API key', () => {
  it('is made once, for a time that is still to come', () => {
    given(apiKey)
      .when({ type: 'CreateApiKey', ...made })
      .records(created)
      .leaves({ status: 'active', ...made })
      .again()
      .rejects('api-key-exists');
    given(apiKey)
      .when({ type: 'CreateApiKey', ...made, expiresAt: start })
      .rejects('api-key-expiry-past');
  });

  it('is changed as a whole, also to one that lasts', () => {
    given(apiKey, created)
      .when({ type: 'ChangeApiKey', key, ...lasting, scopes: [], at })
      .records({ type: 'api-key.changed', key, ...lasting, scopes: [], at })
      .leaves({ status: 'active', key, owner, ...lasting, scopes: [], digest: 'd1', at: start });
    given(apiKey, created)
      .when({ type: 'ChangeApiKey', key, ...terms, expiresAt: at, at })
      .rejects('api-key-expiry-past');
  });

  it('gets a new secret, beside which the old one works on for a while', () => {
    given(apiKey, created)
      .when({ type: 'RotateApiKey', key, digest: 'd2', previousUntil: after(120), at })
      .records({ type: 'api-key.rotated', key, digest: 'd2', previousUntil: after(120), at })
      .leaves({ status: 'active', ...made, digest: 'd2', previous: { digest: 'd1', until: after(120) } });
  });

  it('ends for good', () => {
    given(apiKey, created)
      .when({ type: 'RevokeApiKey', key, reason: 'leaked', at })
      .records({ type: 'api-key.revoked', key, reason: 'leaked', at })
      .leaves({ status: 'revoked', ...made })
      .again()
      .recordsNothing();
    for (const command of changes) given(apiKey, created, revoked).when(command).rejects('api-key-revoked');
  });

  it('is nothing before it was made', () => {
    const revoke: ApiKeyCommand = { type: 'RevokeApiKey', key, reason: 'revoked', at };
    const use: ApiKeyCommand = { type: 'NoteApiKeyUse', key, count: 1, from: start, at };
    for (const command of [...changes, revoke, use]) given(apiKey).when(command).rejects('no-such-api-key');
    given(apiKey, revoked).is({ status: 'none' });
  });

  it('remembers how often it was used, also what was counted before its end', () => {
    for (const past of [[created], [created, revoked]]) {
      given(apiKey, ...past)
        .when({ type: 'NoteApiKeyUse', key, count: 42, from: start, at })
        .records({ type: 'api-key.used', key, count: 42, from: start, at });
    }
  });
});
