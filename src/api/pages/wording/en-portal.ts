import type { Wording } from './wording.js';

/** What people read about their own account. */
export const enPortal: Wording['portal'] = {
  title: 'My account',
  text: 'You sign in with:',
  links: {
    profile: 'Name',
    email: 'E-mail address',
    phone: 'Phone number',
    password: 'Password',
    sessions: 'Where I am signed in',
    history: 'Sign-ins',
    signOut: 'Sign out',
  },
  confirmed: 'confirmed',
  waiting: 'not confirmed yet',
  back: 'Back to my account',
  profile: {
    title: 'Your name',
    text: 'Applications that may know who you are are told this name.',
    button: 'Save',
  },
  password: {
    title: 'Change your password',
    text: 'You will be signed out everywhere else, and we will tell you that your password was changed.',
    button: 'Change password',
  },
  address: {
    email: {
      change: {
        title: 'Change your e-mail address',
        text: 'The new address counts once you have confirmed it. Until then everything stays as it is.',
        button: 'Send a code',
      },
      prove: { title: 'One address waits', text: 'Enter the code that we sent to:', button: 'Confirm' },
    },
    phone: {
      change: {
        title: 'Change your phone number',
        text: 'The new number counts once you have confirmed it. Until then everything stays as it is.',
        button: 'Send a code',
      },
      prove: { title: 'One number waits', text: 'Enter the code that we sent to:', button: 'Confirm' },
    },
  },
  sessions: {
    title: 'Where you are signed in',
    text: 'End whatever you do not know, then change your password.',
    here: 'this browser',
    end: 'End',
    others: 'Sign out everywhere',
  },
  history: {
    title: 'Your sign-ins',
    text: 'The latest, and the tries that failed.',
    outcomes: { succeeded: 'Signed in', failed: 'Wrong password', refused: 'Not let in' },
    none: 'There are none yet.',
    later: 'The list is being made. Look again in a few minutes.',
  },
  signOut: {
    title: 'Sign out?',
    text: 'You can leave this browser alone, or end everything that is signed in.',
    button: 'Sign out here',
    everywhere: 'Sign out everywhere',
  },
};
