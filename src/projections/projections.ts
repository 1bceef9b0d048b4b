import { apiKeys } from './api-keys.js';
import { auditTrail } from './audit-trail.js';
import { loginHistory } from './login-history.js';
import type { AnyProjection } from './projection.js';
import { users } from './users.js';

/** Every asynchronous read model. */
export const projections: readonly AnyProjection[] = [apiKeys, auditTrail, loginHistory, users];
