import type { Route } from '../../route.js';
import type { Services } from '../../services.js';
import { accountAddressPages } from './address.js';
import { accountHistoryPages } from './history.js';
import { overviewPages } from './overview.js';
import { accountPasswordPages } from './password.js';
import { accountSessionPages } from './sessions.js';

/** What people see and change of their own account. */
export const accountPages: readonly Route<Services>[] = [
  ...overviewPages,
  ...accountAddressPages,
  ...accountPasswordPages,
  ...accountSessionPages,
  ...accountHistoryPages,
];
