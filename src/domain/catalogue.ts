import { administrators, type AdministratorsEvent } from './administrators/administrators.js';
import { apiKey, type ApiKeyEvent } from './api-key/api-key.js';
import { claim, type ClaimEvent } from './claim/claim.js';
import { client, type ClientEvent } from './client/client.js';
import { consent, type ConsentEvent } from './consent/consent.js';
import { credentials } from './credentials/credentials.js';
import type { CredentialsEvent } from './credentials/events.js';
import type { Catalogue } from './decider.js';
import { grant, type GrantEvent } from './grant/grant.js';
import { initialAccess, type InitialAccessEvent } from './initial-access/initial-access.js';
import { lockout, type LockoutEvent } from './lockout/lockout.js';
import { notificationTemplate, type NotificationTemplateEvent } from './notification-template/notification-template.js';
import { session, type SessionEvent } from './session/session.js';
import { signIn, type SignInEvent } from './signin/signin.js';
import { signingKeys, type SigningKeysEvent } from './signingkeys/signing-keys.js';
import type { TenantEvent } from './tenant/events.js';
import { tenant } from './tenant/tenant.js';
import { tokenPolicies, type TokenPolicyEvent } from './token-policy/token-policy.js';
import { token, type TokenEvent } from './token/token.js';
import type { UserEvent } from './user/events.js';
import { user } from './user/user.js';

/** Every fact that Annal records. */
export type AnyEvent =
  | AdministratorsEvent
  | ApiKeyEvent
  | ClaimEvent
  | ClientEvent
  | ConsentEvent
  | CredentialsEvent
  | GrantEvent
  | InitialAccessEvent
  | LockoutEvent
  | NotificationTemplateEvent
  | SessionEvent
  | SignInEvent
  | SigningKeysEvent
  | TenantEvent
  | TokenEvent
  | TokenPolicyEvent
  | UserEvent;

export const catalogue: Catalogue<AnyEvent> = {
  ...administrators.events,
  ...apiKey.events,
  ...claim.events,
  ...client.events,
  ...consent.events,
  ...credentials.events,
  ...grant.events,
  ...initialAccess.events,
  ...lockout.events,
  ...notificationTemplate.events,
  ...session.events,
  ...signIn.events,
  ...signingKeys.events,
  ...tenant.events,
  ...token.events,
  ...tokenPolicies.events,
  ...user.events,
};

/** Every kind of stream, by category. */
export const aggregates = {
  administrators,
  apikey: apiKey,
  claim,
  client,
  consent,
  credentials,
  grant,
  initialaccess: initialAccess,
  lockout,
  notificationtemplate: notificationTemplate,
  session,
  signin: signIn,
  signingkeys: signingKeys,
  tenant,
  token,
  tokenpolicy: tokenPolicies,
  user,
};
