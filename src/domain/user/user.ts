import type { Aggregate } from '../decider.js';
import { type UserEvent, userEvents } from './events.js';
import * as lifeCycle from './life-cycle.js';
import * as profile from './profile.js';
import * as registration from './registration.js';
import type { UserRejection } from './rejections.js';
import { evolve, type User } from './state.js';
import * as verification from './verification.js';

export type UserCommand =
  | registration.RegistrationCommand
  | verification.VerificationCommand
  | profile.ProfileCommand
  | lifeCycle.LifeCycleCommand;

export const user: Aggregate<User, UserCommand, UserEvent, UserRejection> = {
  category: 'user',
  schema: 6,
  initial: { status: 'none' },
  events: userEvents,
  evolve,
  decide: {
    RegisterUser: registration.registerUser,
    InviteUser: registration.inviteUser,
    RepeatInvitation: registration.repeatInvitation,
    AcceptInvitation: registration.acceptInvitation,
    AbandonUser: registration.abandonUser,
    NoteRepeatedRegistration: registration.noteRepeatedRegistration,
    RequestVerification: verification.requestVerification,
    ConfirmIdentifier: verification.confirmIdentifier,
    ChangeProfile: profile.changeProfile,
    ChangeIdentifier: profile.changeIdentifier,
    AssignIdentifier: profile.assignIdentifier,
    RemoveIdentifier: profile.removeIdentifier,
    SuspendUser: lifeCycle.suspendUser,
    ReactivateUser: lifeCycle.reactivateUser,
    DeactivateUser: lifeCycle.deactivateUser,
    UndeleteUser: lifeCycle.undeleteUser,
    EraseUser: lifeCycle.eraseUser,
    RevokeSessions: lifeCycle.revokeSessions,
    AppointAdministrator: lifeCycle.appointAdministrator,
    DismissAdministrator: lifeCycle.dismissAdministrator,
    AbandonDeparture: lifeCycle.abandonDeparture,
  },
};
