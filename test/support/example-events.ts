import type { ClientMetadata } from '../../src/domain/client/metadata.js';
import type { AnyEvent } from '../../src/domain/catalogue.js';
import type { Verifier } from '../../src/domain/credentials/verifier.js';
import { suspensionReason } from '../../src/domain/tenant/tenant.js';
import type { Origin } from '../../src/domain/signin/signin.js';
import {
  type ApiKeyId,
  type AttemptId,
  type ClaimId,
  type ClientId,
  type CredentialId,
  type DeviceId,
  type Instant,
  type KeyId,
  personal,
  type SessionId,
  secret,
  type TenantId,
  tenantSecret,
  trace,
  type UserId,
} from '../../src/domain/values.js';

const at = '2026-03-01T09:30:00.000Z' as Instant;
const later = '2026-03-01T10:30:00.000Z' as Instant;
const tenant = '01959f3a-0000-7000-8000-000000000001' as TenantId;
const user = '01959f3a-0000-7000-8000-0000000000a1' as UserId;
const session = '01959f3a-0000-7000-8000-0000000000b1' as SessionId;
const attempt = '01959f3a-0000-7000-8000-0000000000c1' as AttemptId;
const device = '01959f3a-0000-7000-8000-0000000000d1' as DeviceId;
const credential = '01959f3a-0000-7000-8000-0000000000e1' as CredentialId;
const key = '01959f3a-0000-7000-8000-0000000000f1' as KeyId;
const client = 'shop' as ClientId;
const apiKey = '01959f3a-0000-7000-8000-0000000000c2' as ApiKeyId;
const claim = 'email.kVx0example' as ClaimId;

const shop: ClientMetadata = {
  applicationType: 'web',
  redirectUris: ['https://shop.example.org/callback'],
  postLogoutRedirectUris: ['https://shop.example.org/'],
  grantTypes: ['authorization_code', 'refresh_token'],
  authenticationMethod: 'client_secret_basic',
  scopes: ['openid', 'profile', 'email'],
  firstParty: false,
  requirePkce: true,
};

const about = { user, at };
const epochs = { tenant: 1, user: 2, credentials: 3, client: 0 };
const origin = trace<Origin>(at, {
  ip: '192.0.2.10',
  userAgent: 'Mozilla/5.0',
  browser: 'Firefox',
  operatingSystem: 'Linux',
  device: 'desktop',
  place: 'Lisbon',
});
const email = personal(user, 'ada@example.org');
const identifier = { kind: 'email', value: email, claim, verified: true } as const;
const profile = personal(user, {
  firstName: 'Ada',
  lastName: 'Lovelace',
  picture: 'https://example.org/ada.png',
  attributes: { team: 'engines' },
});
const described = { identifiers: [identifier], profile, locale: 'en' };
const verifier = secret<Verifier>(credential, { phc: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', pepper: 'p1' });
const password = { credential, verifier, policyRevision: 4 };
const signIn = {
  attempt,
  account: user,
  method: 'password',
  identifier: 'email',
  client,
  origin,
  device,
  failuresBefore: 1,
  policyRevision: 4,
  at,
} as const;

/**
 * One event of every type, with everything optional present: what is written to, and compared with,
 * test/fixtures/events.
 */
export const exampleEvents: { readonly [Type in AnyEvent['type']]: Extract<AnyEvent, { type: Type }> } = {
  'administrators.departure-announced': { type: 'administrators.departure-announced', ...about, revision: 7 },
  'api-key.changed': {
    type: 'api-key.changed',
    key: apiKey,
    about: personal(user, { name: 'Export', tags: { environment: 'production' } }),
    scopes: ['account'],
    addresses: ['192.0.2.0/24'],
    expiresAt: later,
    at,
  },
  'api-key.created': {
    type: 'api-key.created',
    key: apiKey,
    owner: { kind: 'user', id: user },
    about: personal(user, { name: 'Export', tags: { environment: 'production' } }),
    scopes: ['account'],
    addresses: ['192.0.2.0/24'],
    expiresAt: later,
    digest: 'ZGlnZXN0',
    at,
  },
  'api-key.revoked': { type: 'api-key.revoked', key: apiKey, reason: 'leaked', at },
  'api-key.rotated': { type: 'api-key.rotated', key: apiKey, digest: 'ZGlnZXN0', previousUntil: later, at },
  'api-key.used': { type: 'api-key.used', key: apiKey, count: 42, from: at, at: later },
  'claim.held': { type: 'claim.held', ...about },
  'claim.released': { type: 'claim.released', ...about },
  'claim.reserved': { type: 'claim.reserved', ...about },
  'client.disabled': { type: 'client.disabled', at },
  'client.enabled': { type: 'client.enabled', at },
  'client.management-token-issued': { type: 'client.management-token-issued', digest: 'ZGlnZXN0', at },
  'client.metadata-changed': { type: 'client.metadata-changed', name: 'Shop', metadata: shop, at },
  'client.registered': { type: 'client.registered', name: 'Shop', metadata: shop, secretDigest: 'ZGlnZXN0', at },
  'client.removed': { type: 'client.removed', at },
  'client.secret-rotated': {
    type: 'client.secret-rotated',
    secretDigest: 'ZGlnZXN0',
    keptUntil: at,
    at,
  },
  'consent.given': { type: 'consent.given', ...about, client, scopes: ['openid', 'email'] },
  'consent.withdrawn': { type: 'consent.withdrawn', ...about, client },
  'credentials.password-change-required': { type: 'credentials.password-change-required', ...about, reason: 'policy' },
  'credentials.password-changed': { type: 'credentials.password-changed', ...about, ...password },
  'credentials.password-check-failed': { type: 'credentials.password-check-failed', ...about },
  'credentials.password-rehashed': { type: 'credentials.password-rehashed', ...about, credential, verifier },
  'credentials.password-removed': { type: 'credentials.password-removed', ...about },
  'credentials.password-reset': { type: 'credentials.password-reset', ...about, ...password },
  'credentials.password-reset-requested': { type: 'credentials.password-reset-requested', ...about },
  'credentials.password-set': { type: 'credentials.password-set', ...about, ...password },
  'grant.used': { type: 'grant.used', ...about },
  'grant.forestalled': { type: 'grant.forestalled', ...about },
  'grant.given': {
    type: 'grant.given',
    ...about,
    session,
    client,
    scope: ['openid', 'profile'],
    claims: ['email'],
    resources: ['https://orders.example.org/'],
    epochs,
    idleSeconds: 3600,
    graceSeconds: 0,
    expiresAt: later,
  },
  'grant.refresh-retried': { type: 'grant.refresh-retried', ...about, generation: 2 },
  'grant.refreshed': { type: 'grant.refreshed', ...about, generation: 1 },
  'grant.reuse-detected': { type: 'grant.reuse-detected', ...about, generation: 1 },
  'grant.revoked': { type: 'grant.revoked', ...about, reason: 'signed-out' },
  'initial-access.issued': { type: 'initial-access.issued', digest: 'ZGlnZXN0', uses: 5, expiresAt: later, at },
  'initial-access.revoked': { type: 'initial-access.revoked', at },
  'initial-access.used': { type: 'initial-access.used', client, at },
  'lockout.cleared': { type: 'lockout.cleared', ...about, by: 'administrator' },
  'lockout.locked': {
    type: 'lockout.locked',
    ...about,
    authenticator: 'password',
    source: 'other',
    failures: 6,
    until: later,
  },
  'notification-template.changed': {
    type: 'notification-template.changed',
    kind: 'verify-phone',
    locale: 'en',
    parts: { short: 'Your code: {{ code }}' },
    at,
  },
  'notification-template.removed': { type: 'notification-template.removed', kind: 'verify-phone', locale: 'en', at },
  'session.ended': { type: 'session.ended', ...about, reason: 'revoked' },
  'session.reauthenticated': {
    type: 'session.reauthenticated',
    ...about,
    session,
    attempt,
    factors: ['pwd'],
  },
  'session.started': {
    type: 'session.started',
    ...about,
    session,
    client,
    attempt,
    factors: ['pwd'],
    origin,
    device,
    epochs,
    expiresAt: later,
  },
  'signin.failed': { type: 'signin.failed', ...signIn, user, reason: 'wrong-password' },
  'signin.refused': { type: 'signin.refused', ...signIn, user, reason: 'locked', retryAt: later },
  'signin.succeeded': { type: 'signin.succeeded', ...signIn, user, session, factors: ['pwd'] },
  'signing-key.generated': {
    type: 'signing-key.generated',
    key,
    algorithm: 'ES256',
    publicKey: { kty: 'EC', crv: 'P-256', x: 'eA', y: 'eQ' },
    privateKey: tenantSecret(key, { kty: 'EC', crv: 'P-256', x: 'eA', y: 'eQ', d: 'ZA' }),
    at,
  },
  'signing-key.promoted': { type: 'signing-key.promoted', key, algorithm: 'ES256', at },
  'signing-key.retired': { type: 'signing-key.retired', key, reason: 'rotated', at },
  'tenant.abandoned': { type: 'tenant.abandoned', tenant, at },
  'tenant.created': { type: 'tenant.created', tenant, slug: 'acme', name: 'Acme', at },
  'tenant.reactivated': { type: 'tenant.reactivated', at },
  'tenant.removed': { type: 'tenant.removed', at },
  'tenant.renamed': { type: 'tenant.renamed', name: 'Acme Ltd', at },
  'tenant.settings-changed': { type: 'tenant.settings-changed', overrides: { password: { minLength: 12 } }, at },
  'tenant.suspended': { type: 'tenant.suspended', reason: suspensionReason('unpaid'), at },
  'token-policy.assigned': {
    type: 'token-policy.assigned',
    target: 'tenant',
    policy: '01959f3a-0000-7000-8000-0000000000c2',
    at,
  },
  'token-policy.defined': {
    type: 'token-policy.defined',
    policy: '01959f3a-0000-7000-8000-0000000000c2',
    version: 2,
    name: 'Orders',
    structure: {
      format: 'jwt',
      algorithm: 'PS256',
      lifetimeSeconds: 120,
      audience: ['https://orders.example.com'],
      claims: { department: 'user.department' },
      prefix: 'annal_at',
    },
    validation: ['format', 'signature', 'issuer', 'type', 'time'],
    olderUntil: later,
    at,
  },
  'token.issued': {
    type: 'token.issued',
    kind: 'machine',
    client,
    scope: ['orders:read'],
    audience: ['https://id.example.com/t/default'],
    epochs: { tenant: 1, client: 2 },
    expiresAt: later,
    at,
  },
  'token.revoked': { type: 'token.revoked', ...about, expiresAt: later },
  'user.abandoned': { type: 'user.abandoned', ...about },
  'user.administrator-appointed': { type: 'user.administrator-appointed', ...about },
  'user.administrator-dismissed': { type: 'user.administrator-dismissed', ...about },
  'user.deactivated': { type: 'user.deactivated', ...about, by: 'self' },
  'user.departure-abandoned': { type: 'user.departure-abandoned', ...about },
  'user.erased': { type: 'user.erased', ...about },
  'user.identifier-change-requested': {
    type: 'user.identifier-change-requested',
    ...about,
    kind: 'email',
    value: email,
    claim,
    credentials: 1,
  },
  'user.identifier-changed': { type: 'user.identifier-changed', ...about, ...identifier, previous: identifier },
  'user.identifier-removed': { type: 'user.identifier-removed', ...about, ...identifier },
  'user.identifier-verified': { type: 'user.identifier-verified', ...about, kind: 'email', claim },
  'user.invitation-accepted': { type: 'user.invitation-accepted', ...about },
  'user.invitation-repeated': { type: 'user.invitation-repeated', ...about },
  'user.invited': { type: 'user.invited', ...about, ...described, administrator: false },
  'user.profile-changed': { type: 'user.profile-changed', ...about, profile, locale: 'en' },
  'user.reactivated': { type: 'user.reactivated', ...about },
  'user.registered': { type: 'user.registered', ...about, ...described, by: 'self', administrator: false },
  'user.registration-repeated': { type: 'user.registration-repeated', ...about, kind: 'email' },
  'user.sessions-revoked': { type: 'user.sessions-revoked', ...about },
  'user.suspended': { type: 'user.suspended', ...about, reason: personal(user, 'fraud') },
  'user.undeleted': { type: 'user.undeleted', ...about },
  'user.verification-requested': { type: 'user.verification-requested', ...about, kind: 'email', claim },
};
