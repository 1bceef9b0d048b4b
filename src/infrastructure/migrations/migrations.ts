import { eventLog } from './0001-event-log.js';
import { vault } from './0002-vault.js';
import { snapshots } from './0003-snapshots.js';
import { projections } from './0004-projections.js';
import { idempotency } from './0005-idempotency.js';
import { rateLimits } from './0005-rate-limits.js';
import { attempts } from './0006-attempts.js';
import { singleUse } from './0007-single-use.js';
import { messageLimits } from './0008-message-limits.js';
import { outbox } from './0009-outbox.js';
import { eventStoreDb } from './0010-eventstoredb.js';
import { jobs } from './0011-jobs.js';
import { purgedSubjects } from './0012-purged-subjects.js';
import { notificationTemplateRevisions } from './0013-notification-template-revisions.js';
import { idempotencyPeople } from './0014-idempotency-people.js';
import { vaultOwners } from './0015-vault-owners.js';
import { retiredRootKeys } from './0016-retired-root-keys.js';
import { notificationTemplatesOfTheLog } from './0017-notification-templates-of-the-log.js';
import { inlineWritersMadeOnce } from './0018-inline-writers-made-once.js';
import { begunErasures } from './0019-begun-erasures.js';
import { attemptsStay } from './0020-attempts-stay.js';
import { usedIds } from './0021-used-ids.js';
import { apiKeyUses } from './0022-api-key-uses.js';
import { logoutNotices } from './0023-logout-notices.js';
import { deviceCodes } from './0024-device-codes.js';
import type { Migration } from './migration.js';

/** Every migration, in the order of its name. Append only. */
export const migrations: readonly Migration[] = [
  eventLog,
  vault,
  snapshots,
  projections,
  idempotency,
  rateLimits,
  attempts,
  singleUse,
  messageLimits,
  outbox,
  eventStoreDb,
  jobs,
  purgedSubjects,
  notificationTemplateRevisions,
  idempotencyPeople,
  vaultOwners,
  retiredRootKeys,
  notificationTemplatesOfTheLog,
  inlineWritersMadeOnce,
  begunErasures,
  attemptsStay,
  usedIds,
  apiKeyUses,
  logoutNotices,
  deviceCodes,
];
