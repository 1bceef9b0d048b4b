import type { AddressKind } from '../../../application/verification.js';
import { inTime } from './durations.js';
import { enPortal } from './en-portal.js';
import { enFailures } from './en-failures.js';
import type { VerificationWording, Wording } from './wording.js';

/** Never broken in two. */
const email = 'e\u2011mail';
const dead = 'It may have expired, been used before, or been replaced by a newer one.';

const verification = (what: string, message: string, where: string): VerificationWording => ({
  confirm: {
    title: `Confirm your ${what}`,
    text: `Somebody, probably you, wants to use this ${what} here:`,
    button: `Confirm ${what}`,
    unexpected: 'Was it not you? Then close this page, and nothing will happen.',
  },
  enterCode: {
    title: `Confirm your ${what}`,
    text: `Enter your ${what} and the code from the ${message} that we sent to it.`,
    button: 'Confirm',
  },
  sent: {
    title: 'The message is on its way',
    text: `If this ${what} is waiting to be confirmed, a new ${message} will arrive within minutes. ${where}`,
  },
  askForMessage: {
    title: `Send a new ${message}`,
    text: `We will send you another ${message} with which you can confirm your ${what}.`,
    button: 'Send',
    link: `No ${message}? Send a new one`,
  },
  confirmed: {
    title: `Your ${what} is confirmed`,
    text: 'You can close this page and sign in where you came from.',
  },
  deadLink: {
    title: 'This link no longer works',
    text: `${dead} If you have confirmed your ${what} already, there is nothing left to do.`,
  },
});

const byKind: Readonly<Record<AddressKind, VerificationWording>> = {
  email: verification(
    `${email} address`,
    email,
    'Look in your spam folder too. Links in earlier messages work as well.',
  ),
  phone: verification('phone number', 'text message', ''),
};

export const en: Wording = {
  language: 'en',
  fields: {
    email: { label: 'E-mail address', invalid: 'Enter an e-mail address such as name@example.com.' },
    firstName: { label: 'First name', invalid: 'Enter your first name.' },
    lastName: { label: 'Last name', invalid: 'Enter your last name.' },
    username: { label: 'User name', invalid: 'Enter a user name: letters, digits, dots, hyphens and underscores.' },
    phone: {
      label: 'Phone number',
      hint: 'With country code, such as +44 20 7946 0000.',
      invalid: 'Enter a phone number with its country code, such as +44 20 7946 0000.',
    },
    identifier: {
      label: 'E-mail address, user name or phone number',
      invalid: 'Enter the e-mail address, user name or phone number that you sign in with.',
    },
    code: { label: 'Code', hint: 'The six digits in our message.', invalid: 'Enter the six digits in our message.' },
    current: { label: 'Password', invalid: 'Enter your password.' },
    password: { label: 'New password', invalid: 'Choose another password.' },
    repeated: { label: 'Repeat the new password', invalid: 'The two passwords are not the same.' },
  },
  passwordHint: ({ minLength }) =>
    `At least ${minLength} characters. Several words in a row are easy to remember and hard to guess.`,
  passwordViolations: {
    'password-not-text': () => 'The password contains characters that are no text.',
    'password-too-short': ({ minLength }) => `Use at least ${minLength} characters.`,
    'password-too-long': ({ maxLength }) => `Use at most ${maxLength} characters.`,
    'password-too-few-classes': ({ classes }) =>
      `Use at least ${classes} of: small letters, capital letters, digits, other characters.`,
    'password-contains-context-word': () => 'Leave out your name, your address and the name of this service.',
    'password-blocked': () => 'Attackers try this password first. Choose another.',
    'password-too-weak': () => 'This password is easy to guess. Make it longer or less predictable.',
    'password-reused': ({ history }) =>
      history > 1
        ? `Choose one that is not among your last ${history} passwords.`
        : 'Choose another password than before.',
  },
  refusals: {
    busy: 'Too many people are here at this moment. Wait a few seconds, then try again: nothing was lost.',
    'identifier-taken': 'Somebody else here uses this already.',
    'invalid-fields': 'Please correct what is marked below.',
    'invalid-flow': 'This took too long. Please sign in again.',
    'invalid-proof': 'The code is wrong, too old, or was used before.',
    'too-many-attempts': 'There were too many attempts. Wait a while, then try again.',
    'too-many-messages': 'We have sent enough messages for now. Try again in an hour.',
    'wrong-credentials': 'The name or the password is wrong.',
    'wrong-password': 'The password is wrong.',
    'already-verified': 'This is confirmed already.',
    'nothing-to-verify': 'There is nothing to confirm.',
    'no-such-session': 'This session is over already.',
    'no-password': 'You have no password yet. Ask for a message with which you can choose one.',
  },
  waiting: (seconds) => `There were too many attempts. Try again ${inTime('en', seconds)}.`,
  optional: 'optional',
  footer: { support: 'Help', terms: 'Terms of use', privacy: 'Privacy' },
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  errorInTitle: 'Error: ',
  account: 'Your account',
  verification: byKind,
  reset: {
    choose: {
      title: 'Choose a new password',
      text: 'You will be signed out everywhere, and we will tell you that your password was changed.',
      button: 'Change password',
    },
    ask: {
      title: 'Forgot your password?',
      text: 'Tell us what you sign in with. We will send you a message with which you can choose a new password.',
      button: 'Send message',
      link: 'No message? Send a new one',
    },
    enterCode: {
      title: 'Choose a new password',
      text: 'Enter the code from our message and the password that you want to use from now on.',
      button: 'Change password',
      link: 'I have a code',
    },
    sent: {
      title: 'Check your messages',
      text: 'If there is such an account, a message with a link or a code will arrive within minutes. Look in your spam folder too. Links from the last hour work as well.',
    },
    changed: {
      title: 'Your password was changed',
      text: 'You have been signed out everywhere. Now sign in with your new password.',
    },
    deadLink: { title: 'This link no longer works', text: `${dead} You can ask for a new one at any time.` },
  },
  signIn: {
    title: 'Sign in',
    text: (name) => `Sign in to go on with ${name}.`,
    button: 'Next',
    finish: 'Sign in',
    other: 'Somebody else',
    forgotten: 'Forgot your password?',
    register: 'Create an account',
    resend: 'Send a new code',
    resent: 'If an address is waiting to be confirmed, a new code is on its way.',
    renew: {
      title: 'Choose a new password',
      text: 'Before you go on, choose another password. The old one must not be used any longer.',
      button: 'Change password and sign in',
    },
    verify: {
      title: 'Confirm your address',
      text: 'Enter the code from the message that we sent to you.',
      button: 'Confirm and sign in',
    },
    dead: {
      title: 'This took too long',
      text: 'Go back to the application and sign in again. Nothing was lost.',
    },
  },
  register: {
    title: 'Create an account',
    text: (name) => `Create your account to go on with ${name}.`,
    button: 'Create account',
    known: 'I have an account',
    sent: 'We have sent you a message. Enter the code from it and you are signed in. If you have an account already, the message says so.',
    closed: {
      title: 'No new accounts here',
      text: 'Accounts are made by the people who run this service. Ask them for an invitation.',
    },
  },
  selectAccount: {
    title: 'Choose an account',
    text: 'You are signed in as:',
    button: 'Go on with this account',
    other: 'Use another account',
  },
  device: {
    title: 'Connect a device',
    text: 'Enter the code that the device shows. Go on only if the device is yours and before you.',
    label: 'Code of the device',
    button: 'Continue',
    wrong: 'No device shows this code, or no longer. Look again, or begin anew on the device.',
    done: { title: 'Go back to your device', text: 'You can close this page.' },
  },
  signOut: {
    title: 'Sign out?',
    text: 'You will be signed out here. Applications that you use may have to ask you to sign in again.',
    button: 'Sign out',
    done: { title: 'You are signed out', text: 'You can close this page.' },
  },
  consent: {
    title: (application) => `${application} wants to know who you are`,
    text: 'If you agree, the application will get:',
    remembered: (account) => `You are signed in as ${account}. Once you agree you will not be asked again.`,
    agree: 'Agree',
    deny: 'Cancel',
    scopes: {
      openid: 'that it is you',
      profile: 'your name, picture and language',
      email: `your ${email} address`,
      phone: 'your phone number',
      address: 'your postal address',
      offline_access: 'all of this also when you are not there',
    },
  },
  portal: enPortal,
  authorizationRefused: {
    title: 'This application sent you here by mistake',
    text: 'What it asks for does not fit. Go back and try again, or tell whoever runs the application.',
    forDevelopers: 'For developers',
  },
  invitation: {
    accept: {
      title: 'Accept your invitation',
      text: 'Your account is ready. Choose the password that you want to sign in with.',
      button: 'Accept invitation',
    },
    accepted: {
      title: 'Welcome',
      text: 'Your account is ready. Now you can sign in with your password.',
    },
    deadLink: {
      title: 'This invitation no longer works',
      text: `${dead} If you have accepted it already, just sign in. Otherwise ask the person who invited you for a new one.`,
    },
  },
  setup: {
    create: {
      title: 'Make the first administrator',
      text: 'This account administers the whole installation: it makes tenants and can reach every one of them.',
      button: 'Make administrator',
    },
    done: {
      title: 'The installation is ready',
      text: 'You are its first administrator. The API reference shows all that you can do now. This is how to sign in:',
      example: 'your password',
    },
    deadLink: {
      title: 'This link no longer works',
      text: `${dead} As long as there is no administrator, every start of the service prints a new link.`,
    },
  },
  service: {
    title: 'Annal is running',
    text: 'This identity service signs people in and keeps an append-only record of every sign-in, token and change.',
    reference: 'API reference',
    problems: 'What each problem means',
    mailbox: 'Development mailbox: messages end here instead of being sent',
    standardTenant: 'Pages of the tenant “default”',
  },
  tenant: {
    title: 'Accounts',
    text: (name) => `This is where accounts of ${name} are kept.`,
    reset: 'Forgot your password?',
    verify: 'Confirm an e-mail address with a code',
    reference: 'API reference',
  },
  ...enFailures,
  reference: 'Reference',
};
