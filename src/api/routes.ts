import { operationsRoutes } from './operations/routes.js';
import type { OperationsServices } from './operations/services.js';
import { authorizeRoutes } from './oauth/authorize.js';
import { discoveryRoutes } from './oauth/discovery.js';
import { deviceAuthorizationRoutes } from './oauth/device-authorization.js';
import { logoutRoutes } from './oauth/logout.js';
import { pushedAuthorizationRoutes } from './oauth/pushed-authorization.js';
import { tokenEndpoint } from './oauth/token.js';
import { clientRegistrationRoutes } from './oauth/registration.js';
import { userinfoRoutes } from './oauth/userinfo.js';
import { tokenStatusRoutes } from './oauth/token-status.js';
import type { HomeServices } from './pages/home.js';
import { pageRoutes } from './pages/routes.js';
import { accountRoutes } from './rest/account.js';
import { apiKeyRoutes } from './rest/api-keys.js';
import { auditRoutes } from './rest/audit.js';
import { clientRoutes } from './rest/clients.js';
import { identifierRoutes } from './rest/identifiers.js';
import { initialAccessRoutes } from './rest/initial-access.js';
import { loginHistoryRoutes } from './rest/login-history.js';
import { notificationTemplateRoutes } from './rest/notification-templates.js';
import { passwordRoutes } from './rest/password.js';
import { projectionRoutes } from './rest/projections.js';
import { registrationRoutes } from './rest/registration.js';
import { sessionRoutes } from './rest/sessions.js';
import { signInRoutes } from './rest/sign-in.js';
import { signingKeyRoutes } from './rest/signing-keys.js';
import { tenantRoutes } from './rest/tenants.js';
import { tokenPolicyRoutes } from './rest/token-policies.js';
import { tokenValidationRoutes } from './rest/token-validation.js';
import { tokenRoutes } from './rest/tokens.js';
import { userLifeCycleRoutes } from './rest/user-life-cycle.js';
import { userIdentifierRoutes } from './rest/user-identifiers.js';
import { userRoutes } from './rest/users.js';
import { verificationRoutes } from './rest/verification.js';
import type { Route } from './route.js';
import type { Services } from './services.js';

export type AllServices = Services & OperationsServices & HomeServices;

/** Every endpoint. */
export const routes: readonly Route<AllServices>[] = [
  ...operationsRoutes,
  ...pageRoutes,
  ...registrationRoutes,
  ...verificationRoutes,
  ...signInRoutes,
  ...tokenRoutes,
  ...authorizeRoutes,
  ...pushedAuthorizationRoutes,
  ...logoutRoutes,
  ...deviceAuthorizationRoutes,
  ...tokenEndpoint,
  ...userinfoRoutes,
  ...discoveryRoutes,
  ...tokenStatusRoutes,
  ...clientRegistrationRoutes,
  ...passwordRoutes,
  ...accountRoutes,
  ...identifierRoutes,
  ...sessionRoutes,
  ...loginHistoryRoutes,
  ...userRoutes,
  ...userIdentifierRoutes,
  ...userLifeCycleRoutes,
  ...clientRoutes,
  ...initialAccessRoutes,
  ...apiKeyRoutes,
  ...notificationTemplateRoutes,
  ...signingKeyRoutes,
  ...tokenPolicyRoutes,
  ...tokenValidationRoutes,
  ...auditRoutes,
  ...tenantRoutes,
  ...projectionRoutes,
];
