import type { Route } from '../route.js';
import type { Services } from '../services.js';
import { type HomeServices, homePages } from './home.js';
import { invitationPages } from './invitation.js';
import { passwordResetPages } from './password-reset.js';
import { accountPages } from './account/routes.js';
import { consentPages } from './consent.js';
import { registerPages } from './register.js';
import { selectAccountPages } from './select-account.js';
import { setupPages } from './setup.js';
import { signInPages } from './sign-in.js';
import { verificationPages } from './verification.js';

export type PageServices = HomeServices & Services;

/** Every page for people. */
export const pageRoutes: readonly Route<PageServices>[] = [
  ...homePages,
  ...verificationPages,
  ...passwordResetPages,
  ...invitationPages,
  ...setupPages,
  ...signInPages,
  ...registerPages,
  ...selectAccountPages,
  ...consentPages,
  ...accountPages,
];
