import type { AnyEvent } from '../../domain/catalogue.js';
import { suspensionReason } from '../../domain/tenant/tenant.js';
import { personal, type UserId } from '../../domain/values.js';

/**
 * The data of a stored event; sealed values stand in it as instances of Sealed, without a value where their key was
 * destroyed.
 */
export type StoredData = Readonly<Record<string, unknown>>;

/** Brings the data of one schema version to the next one. A pure function of the data. */
export type Step = (data: StoredData) => StoredData;

/** For every event type its steps: the first leads from version 1 to 2. */
export type Upcasters = Readonly<Record<string, readonly Step[]>>;

export const upcast = (steps: readonly Step[], version: number, data: StoredData): StoredData =>
  steps.slice(version - 1).reduce((current, step) => step(current), data);

/** What an administrator writes about a person is the person's: since version 2 it is sealed. */
const reasonIsPersonal: Step = ({ reason, ...data }) => ({ ...data, reason: personal(data['user'] as UserId, reason) });

/** Why a tenant was suspended may name people: since version 2 it is sealed. */
const reasonIsOfTenant: Step = ({ reason, ...data }) => ({ reason: suspensionReason(reason as string), ...data });

/** Since version 2 it is said what was removed, so that whoever reads there can be told. Nobody is to be told of the old events. */
const removedUnnamed: Step = (data) => ({ ...data, value: personal(data['user'] as UserId, ''), verified: false });

/** Since version 2 it says which password was proved for it. For the old ones none that counts: whoever still waits asks again. */
const provedUnknown: Step = (data) => ({ ...data, credentials: -1 });

/** Before version 2 a client was an API or an app of the tenant, known by its name alone. */
const clientDescribed: Step = ({ confidential, ...data }) => ({
  ...data,
  metadata: {
    applicationType: 'web',
    redirectUris: [],
    postLogoutRedirectUris: [],
    grantTypes: [],
    authenticationMethod: confidential ? 'client_secret_basic' : 'none',
    scopes: [],
    firstParty: true,
    requirePkce: true,
  },
});

/** Since the next version a client may say more of itself; who said nothing says nothing. */
const saysNoMore: Step = (data) => data;

/** Before version 2 the old secret ended at once. */
const endedAtOnce: Step = ({ at, ...data }) => ({ ...data, keptUntil: at, at });

/** Before version 2 only the tenant's own applications had grants; what they could do has scopes since. */
const ownGrant: Step = ({ scope, ...data }) => ({
  ...data,
  scope: [...(scope as readonly string[]).filter((one) => one !== 'offline_access'), 'account', 'administration'],
});

/** Before version 3 no request named single claims or resources. */
const nothingNamed: Step = (data) => ({ ...data, claims: [], resources: [] });

/**
 * How old shapes become today's. To change a stored shape, raise the version in the catalogue, add the step here and
 * write the sample of the new version (`npm run samples`); the samples of old versions stay in test/fixtures/events for
 * ever.
 */
export const upcasters: { readonly [Type in AnyEvent['type']]: readonly Step[] } = {
  'administrators.departure-announced': [],
  'api-key.changed': [],
  'api-key.created': [],
  'api-key.revoked': [],
  'api-key.rotated': [],
  'api-key.used': [],
  'claim.held': [],
  'claim.released': [],
  'claim.reserved': [],
  'client.disabled': [],
  'client.enabled': [],
  'client.management-token-issued': [],
  'client.metadata-changed': [saysNoMore],
  'client.registered': [clientDescribed, saysNoMore],
  'client.removed': [],
  'client.secret-rotated': [endedAtOnce],
  'consent.given': [],
  'consent.withdrawn': [],
  'credentials.password-change-required': [],
  'credentials.password-changed': [],
  'credentials.password-check-failed': [],
  'credentials.password-rehashed': [],
  'credentials.password-removed': [],
  'credentials.password-reset': [],
  'credentials.password-reset-requested': [],
  'credentials.password-set': [],
  'grant.forestalled': [],
  'grant.given': [ownGrant, nothingNamed],
  'grant.refresh-retried': [],
  'grant.refreshed': [],
  'grant.reuse-detected': [],
  'grant.revoked': [],
  'initial-access.issued': [],
  'initial-access.revoked': [],
  'initial-access.used': [],
  'grant.used': [],
  'lockout.cleared': [],
  'lockout.locked': [],
  'notification-template.changed': [],
  'notification-template.removed': [],
  'session.ended': [],
  'session.reauthenticated': [],
  'session.started': [],
  'signin.failed': [],
  'signin.refused': [],
  'signin.succeeded': [],
  'signing-key.generated': [],
  'signing-key.promoted': [],
  'signing-key.retired': [],
  'tenant.abandoned': [],
  'tenant.created': [],
  'tenant.reactivated': [],
  'tenant.removed': [],
  'tenant.renamed': [],
  'tenant.settings-changed': [],
  'tenant.suspended': [reasonIsOfTenant],
  'token-policy.assigned': [],
  'token-policy.defined': [],
  'token.issued': [],
  'token.revoked': [],
  'user.abandoned': [],
  'user.administrator-appointed': [],
  'user.administrator-dismissed': [],
  'user.deactivated': [],
  'user.departure-abandoned': [],
  'user.erased': [],
  'user.identifier-change-requested': [provedUnknown],
  'user.identifier-changed': [],
  'user.identifier-removed': [removedUnnamed],
  'user.identifier-verified': [],
  'user.invitation-accepted': [],
  'user.invitation-repeated': [],
  'user.invited': [],
  'user.profile-changed': [],
  'user.reactivated': [],
  'user.registered': [],
  'user.registration-repeated': [],
  'user.sessions-revoked': [],
  'user.suspended': [reasonIsPersonal],
  'user.undeleted': [],
  'user.verification-requested': [],
};
