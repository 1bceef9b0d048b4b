import { type Bind, make, Pool } from './binding.js';
import { Authorizations } from '../application/authorization.js';
import { AuthorizationCodes } from '../application/authorization-codes.js';
import { AuthorizationRequests } from '../application/authorization-requests.js';
import { BackchannelLogout, LogoutAnnouncements } from '../application/backchannel-logout.js';
import { BrowserSessions } from '../application/browser-sessions.js';
import { ClientKeys } from '../application/client-keys.js';
import { Dpop } from '../application/dpop.js';
import { ProofSignatures } from '../application/ports/proof-signatures.js';
import { JoseProofSignatures } from '../infrastructure/jose-proof-signatures.js';
import { Consents } from '../application/consents.js';
import { DeviceAuthorizations } from '../application/device-authorizations.js';
import { IdTokenHints } from '../application/id-token-hints.js';
import { IdTokens } from '../application/id-tokens.js';
import { Issuers } from '../application/issuers.js';
import { Assertions } from '../application/ports/assertions.js';
import { DeviceCodes } from '../application/ports/device-codes.js';
import { Digests } from '../application/ports/digests.js';
import { Entropy } from '../application/ports/entropy.js';
import { Profiles } from '../application/profile.js';
import { LogoutNotices } from '../application/ports/logout-notices.js';
import { OutboundHttp } from '../application/ports/outbound-http.js';
import { SecurityRows } from '../application/ports/security-rows.js';
import { SingleUse } from '../application/ports/single-use.js';
import { UsedIds } from '../application/ports/used-ids.js';
import { Vault } from '../application/ports/vault.js';
import { PushedRequests } from '../application/pushed-requests.js';
import { RequestObjects } from '../application/request-objects.js';
import { Sessions } from '../application/sessions.js';
import { SigningKeyRing } from '../application/signing-keys.js';
import { Steps } from '../application/steps.js';
import { Tenants } from '../application/tenants.js';
import { Userinfo } from '../application/userinfo.js';
import { PostgresDeviceCodes } from '../infrastructure/postgres-device-codes.js';
import { PostgresLogoutNotices } from '../infrastructure/postgres-logout-notices.js';
import { Transactor } from '../application/transactor.js';

/** What makes a tenant an OpenID provider. */
export function bindAuthorization(bind: Bind): void {
  bind(LogoutNotices).toResolvedValue(make(PostgresLogoutNotices), [Pool]);
  bind(LogoutAnnouncements).toResolvedValue(make(LogoutAnnouncements), [LogoutNotices, SecurityRows, Entropy]);
  bind(BackchannelLogout).toResolvedValue(make(BackchannelLogout), [
    LogoutNotices,
    SecurityRows,
    Tenants,
    SigningKeyRing,
    Issuers,
    OutboundHttp,
    Entropy,
  ]);
  bind(ProofSignatures).toResolvedValue(make(JoseProofSignatures));
  bind(Dpop).toResolvedValue(make(Dpop), [ProofSignatures, UsedIds, Digests]);
  bind(Consents).toResolvedValue(make(Consents), [Transactor, Entropy, Steps]);
  bind(BrowserSessions).toResolvedValue(make(BrowserSessions), [Transactor, Vault, SecurityRows, Steps]);
  bind(AuthorizationRequests).toResolvedValue(make(AuthorizationRequests), [Vault, SecurityRows]);
  bind(AuthorizationCodes).toResolvedValue(make(AuthorizationCodes), [
    Transactor,
    Tenants,
    Sessions,
    SingleUse,
    SecurityRows,
    Digests,
    Entropy,
    Steps,
  ]);
  bind(Authorizations).toResolvedValue(make(Authorizations), [
    BrowserSessions,
    Consents,
    AuthorizationCodes,
    PushedRequests,
    DeviceCodes,
    SecurityRows,
  ]);
  bind(DeviceCodes).toResolvedValue(make(PostgresDeviceCodes), [Pool, Vault]);
  bind(DeviceAuthorizations).toResolvedValue(make(DeviceAuthorizations), [DeviceCodes, AuthorizationCodes, Entropy]);
  bind(PushedRequests).toResolvedValue(make(PushedRequests), [SingleUse, Entropy]);
  bind(RequestObjects).toResolvedValue(make(RequestObjects), [Assertions, ClientKeys]);
  bind(IdTokenHints).toResolvedValue(make(IdTokenHints), [SigningKeyRing, Issuers]);
  bind(Userinfo).toResolvedValue(make(Userinfo), [Transactor, Profiles]);
  bind(IdTokens).toResolvedValue(make(IdTokens), [SigningKeyRing, Issuers, Digests]);
}
