import type { AddressKind } from '../../../application/verification.js';
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
    'invalid-proof': 'The code is wrong, too old, or was used before.',
    'too-many-attempts': 'There were too many attempts. Wait a while, then try again.',
    'wrong-credentials': 'The name or the password is wrong.',
  },
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
      text: 'You have been signed out everywhere. Sign in with your new password where you came from.',
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
  consent: {
    title: (application) => `${application} wants to know who you are`,
    text: 'If you agree, the application will get:',
    agree: 'Agree',
    deny: 'Cancel',
    scopes: {
      openid: 'that it is you',
      profile: 'your name, picture and language',
      email: `your ${email} address`,
      phone: 'your phone number',
      offline_access: 'all of this also when you are not there',
    },
  },
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
      text: 'Your account is ready. You can close this page and sign in where you came from.',
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
  failures: {
    400: {
      title: 'We did not understand that',
      text: 'The link or form arrived damaged. Open the link in our message again, whole.',
    },
    401: { title: 'Please sign in', text: 'This page is for people who are signed in.' },
    403: {
      title: 'This is not allowed',
      text: 'If you think that it should be, contact the people who run this service.',
    },
    404: { title: 'There is nothing here', text: 'Check the address: perhaps a part of it is missing.' },
    405: {
      title: 'There is nothing here',
      text: 'This address only takes what one of our forms sends. Open the link in our message again.',
    },
    406: { title: 'We have no such page', text: 'Your browser asked for a form of this page that does not exist.' },
    408: { title: 'That took too long', text: 'Your connection seems to be slow. Please try again.' },
    409: {
      title: 'This cannot be done now',
      text: 'Something changed in the meantime. Go back, reload the page and try again.',
    },
    410: { title: 'This is gone for good', text: 'The account was erased, and what belonged to it with it.' },
    412: { title: 'Something changed in the meantime', text: 'Reload the page and try again.' },
    413: { title: 'That was too much', text: 'What you sent is larger than anything this page takes.' },
    414: {
      title: 'The address is too long',
      text: 'Open the link in our message again, whole and without anything added.',
    },
    415: { title: 'We did not understand that', text: 'This page only takes what its own form sends.' },
    422: { title: 'Something is missing or not right', text: 'Go back, check what you entered and try again.' },
    428: { title: 'Something is missing', text: 'Reload the page and try again.' },
    429: {
      title: 'Please wait a moment',
      text: 'There were too many requests from your network. Try again in a minute.',
    },
    431: {
      title: 'We did not understand that',
      text: 'Your browser sent more than we can take. Try another browser or a private window.',
    },
    500: { title: 'Something went wrong here', text: 'This is our fault, not yours. Please try again later.' },
    503: { title: 'We cannot answer right now', text: 'Please try again in a few seconds. Nothing was lost.' },
  },
  namedFailures: {
    'cross-site': {
      title: 'Please use our own form',
      text: 'What you sent did not come from our page, or your browser is too old to say so. Open the link in our message again.',
    },
    'tenant-suspended': {
      title: 'Closed for the time being',
      text: 'The people who run this service have suspended it. Nothing was deleted.',
    },
  },
  reference: 'Reference',
};
