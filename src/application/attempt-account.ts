import { isHidden } from '../domain/signin/verdict.js';
import type { Settings } from '../domain/tenant/settings.js';
import { exists, type User } from '../domain/user/state.js';
import type { ClaimId, UserId } from '../domain/values.js';
import type { AttemptAccount } from './ports/attempts.js';

type Holder = Readonly<{ user: UserId; state: User }>;

/**
 * Whose tries are counted when somebody names an account. One that a stranger may just have registered goes on with the count of its name:
 * a fresh one would tell that the name was free (VC-11).
 */
export function attemptAccount(settings: Settings, claim: ClaimId, holder: Holder | undefined): AttemptAccount {
  if (!holder || !exists(holder.state) || isHidden(settings, holder.state)) return { kind: 'nobody', id: claim };
  return { kind: 'user', id: holder.user };
}
