import { apiKeySecurity } from './inline/api-key-security.js';
import { clientSecurity } from './inline/client-security.js';
import { credentialsSecurity } from './inline/credentials-security.js';
import { grantSecurity } from './inline/grant-security.js';
import { identifierClaims } from './inline/identifier-claims.js';
import { notificationTemplates } from './inline/notification-templates.js';
import { publishedKeys } from './inline/published-keys.js';
import { sessionSecurity } from './inline/session-security.js';
import { tenantSecurity } from './inline/tenant-security.js';
import { tokenPolicyEnds } from './inline/token-policy-ends.js';
import { tokenSecurity } from './inline/token-security.js';
import { userSecurity } from './inline/user-security.js';
import type { InlineModel } from './projection.js';

/** Every inline read model. The casts forget each state's type; the category joins model and state again. */
export const inlineModels: readonly InlineModel<never>[] = [
  apiKeySecurity,
  clientSecurity,
  credentialsSecurity,
  grantSecurity,
  identifierClaims,
  notificationTemplates,
  publishedKeys,
  sessionSecurity,
  tenantSecurity,
  tokenPolicyEnds,
  tokenSecurity,
  userSecurity,
];
