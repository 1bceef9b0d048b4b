import { accept, type Decision, type Message, reject } from '../decider.js';
import type { Instant, Personal, UserId } from '../values.js';
import type { UserEvent } from './events.js';
import type { UserRejection } from './rejections.js';
import { exists, type User } from './state.js';

type About = { user: UserId; at: Instant };

export type LifeCycleCommand =
  | Message<'SuspendUser', About & { reason: Personal<string> }>
  | Message<'ReactivateUser', About>
  | Message<'DeactivateUser', About & { by: 'self' | 'administrator' }>
  | Message<'UndeleteUser', About>
  | Message<'EraseUser', About>
  | Message<'RevokeSessions', About>
  | Message<'AppointAdministrator', About>
  | Message<'DismissAdministrator', About>
  | Message<'AbandonDeparture', About>;

type Decided = Decision<UserEvent, UserRejection>;
type Case<Type extends LifeCycleCommand['type']> = (
  state: User,
  command: Extract<LifeCycleCommand, { type: Type }>,
) => Decided;

export const suspendUser: Case<'SuspendUser'> = (state, { user, reason, at }) => {
  if (!exists(state)) return reject('no-such-user');
  if (state.status === 'suspended') return accept();
  if (state.status !== 'active') return reject('user-not-active');

  return accept({ type: 'user.suspended', user, reason, at });
};

export const reactivateUser: Case<'ReactivateUser'> = (state, { user, at }) => {
  if (!exists(state)) return reject('no-such-user');
  if (state.status === 'active') return accept();
  if (state.status !== 'suspended') return reject('not-suspended');

  return accept({ type: 'user.reactivated', user, at });
};

export const deactivateUser: Case<'DeactivateUser'> = (state, { user, by, at }) => {
  if (!exists(state)) return reject('no-such-user');
  if (state.status === 'deactivated') return accept();

  return accept({ type: 'user.deactivated', user, by, at });
};

/** An account comes back as what it was: still suspended, or invited anew. */
export const undeleteUser: Case<'UndeleteUser'> = (state, { user, at }) => {
  if (state.status === 'erased') return reject('user-erased');
  if (!exists(state)) return reject('no-such-user');
  if (state.status === 'active') return accept();
  if (state.status !== 'deactivated') return reject('not-deactivated');

  const undeleted: UserEvent = { type: 'user.undeleted', user, at };
  if (!state.accepted) return accept<UserEvent>(undeleted, { type: 'user.invitation-repeated', user, at });
  const { suspension } = state;
  if (suspension !== undefined) {
    return accept<UserEvent>(undeleted, { type: 'user.suspended', user, reason: suspension, at });
  }

  return accept(undeleted);
};

export const eraseUser: Case<'EraseUser'> = (state, { user, at }) => {
  if (state.status === 'erased') return accept();
  if (!exists(state)) return reject('no-such-user');

  return accept({ type: 'user.erased', user, at });
};

export const revokeSessions: Case<'RevokeSessions'> = (state, { user, at }) => {
  if (!exists(state)) return reject('no-such-user');

  return accept({ type: 'user.sessions-revoked', user, at });
};

export const appointAdministrator: Case<'AppointAdministrator'> = (state, { user, at }) => {
  if (!exists(state)) return reject('no-such-user');
  if (state.administrator) return accept();

  return accept({ type: 'user.administrator-appointed', user, at });
};

export const dismissAdministrator: Case<'DismissAdministrator'> = (state, { user, at }) => {
  if (!exists(state)) return reject('no-such-user');
  if (!state.administrator) return accept();

  return accept({ type: 'user.administrator-dismissed', user, at });
};

/** Whatever was about to be appended at the present revision of the stream will conflict. */
export const abandonDeparture: Case<'AbandonDeparture'> = (state, { user, at }) => {
  if (!exists(state)) return accept();

  return accept({ type: 'user.departure-abandoned', user, at });
};
