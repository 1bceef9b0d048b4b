import type { Knex } from 'knex';
import type { AccountIdentifiers } from '../application/account-identifiers.js';
import type { Authorizations } from '../application/authorization.js';
import type { AuthorizationCodes } from '../application/authorization-codes.js';
import type { AuthorizationRequests } from '../application/authorization-requests.js';
import type { BrowserSessions } from '../application/browser-sessions.js';
import type { Clients } from '../application/clients.js';
import type { FirstStart } from '../application/first-start.js';
import type { IdTokenHints } from '../application/id-token-hints.js';
import type { IdTokens } from '../application/id-tokens.js';
import type { Invitations } from '../application/invitations.js';
import type { Issuers } from '../application/issuers.js';
import type { NotificationTemplateAdministration } from '../application/notifications/notification-template-administration.js';
import type { PasswordReset } from '../application/password-reset.js';
import type { PasswordChange } from '../application/password.js';
import type { ReadModels } from '../application/ports/read-models.js';
import type { SecurityRows } from '../application/ports/security-rows.js';
import type { UserAgents } from '../application/ports/user-agents.js';
import type { Profiles } from '../application/profile.js';
import type { Registration } from '../application/registration.js';
import type { Sessions } from '../application/sessions.js';
import type { SignIn } from '../application/sign-in.js';
import type { SignInContinuation } from '../application/sign-in-continuation.js';
import type { SigningKeyRing } from '../application/signing-keys.js';
import type { Tenants } from '../application/tenants.js';
import type { TokenRefresh } from '../application/token-refresh.js';
import type { TokenStatus } from '../application/token-status.js';
import type { UserAdministration } from '../application/user-administration.js';
import type { Userinfo } from '../application/userinfo.js';
import type { Verification } from '../application/verification.js';

/** The use cases and queries that handlers call. A route names the ones it needs. */
export type Services = Readonly<{
  accountIdentifiers: AccountIdentifiers;
  authorizationCodes: AuthorizationCodes;
  authorizationRequests: AuthorizationRequests;
  authorizations: Authorizations;
  browserSessions: BrowserSessions;
  clients: Clients;
  firstStart: FirstStart;
  idTokenHints: IdTokenHints;
  idTokens: IdTokens;
  invitations: Invitations;
  issuers: Issuers;
  notificationTemplates: NotificationTemplateAdministration;
  /** Of the service, as configured. */
  origin: string;
  passwordChange: PasswordChange;
  passwordReset: PasswordReset;
  profiles: Profiles;
  readModels: ReadModels;
  registration: Registration;
  /** Lists of what inline rows know. */
  securityRows: SecurityRows;
  sessions: Sessions;
  signIn: SignIn;
  signInContinuation: SignInContinuation;
  signingKeys: SigningKeyRing;
  tenants: Tenants;
  tokenRefresh: TokenRefresh;
  tokenStatus: TokenStatus;
  userAdministration: UserAdministration;
  userAgents: UserAgents;
  userinfo: Userinfo;
  verification: Verification;
  /** Queries of asynchronous read models only. */
  knex: Knex;
}>;
