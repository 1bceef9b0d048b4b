import type { Aggregate } from '../decider.js';
import { type CredentialsEvent, credentialsEvents } from './events.js';
import * as password from './password.js';
import { type Credentials, evolve } from './state.js';

export const credentials: Aggregate<
  Credentials,
  password.PasswordCommand,
  CredentialsEvent,
  password.CredentialsRejection
> = {
  category: 'credentials',
  schema: 2,
  initial: { former: [], superseded: [], epoch: 0 },
  events: credentialsEvents,
  evolve,
  decide: {
    SetPassword: password.setPassword,
    ChangePassword: password.changePassword,
    NoteFailedCheck: password.noteFailedCheck,
    ResetPassword: password.resetPassword,
    RequestPasswordReset: password.requestPasswordReset,
    RehashPassword: password.rehashPassword,
    RequirePasswordChange: password.requirePasswordChange,
    RemovePassword: password.removePassword,
  },
};
