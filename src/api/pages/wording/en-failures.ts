import type { Wording } from './wording.js';

/** What people see where there is no page for what they wanted. */
export const enFailures: Pick<Wording, 'failures' | 'namedFailures'> = {
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
};
