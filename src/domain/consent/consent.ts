import { type Aggregate, accept, type Catalogue, type Message, reject } from '../decider.js';
import type { ClientId, Instant, UserId } from '../values.js';

type Between = { user: UserId; client: ClientId; at: Instant };

/* What a person agreed that a client may have, added up. Names are stored for ever. */
export type ConsentEvent =
  | Message<'consent.given', Between & { scopes: readonly string[] }>
  | Message<'consent.withdrawn', Between>;

/** Scopes granted so far; none where nothing was, or where it was withdrawn. */
export type Consent = Readonly<{ scopes: readonly string[] }>;

export type ConsentCommand =
  | Message<'GiveConsent', Between & { scopes: readonly string[] }>
  | Message<'WithdrawConsent', Between>;

export type ConsentRejection = 'no-such-consent';

const events: Catalogue<ConsentEvent> = {
  'consent.given': { version: 1, retention: 'account' },
  'consent.withdrawn': { version: 1, retention: 'account' },
};

export const consent: Aggregate<Consent, ConsentCommand, ConsentEvent, ConsentRejection> = {
  category: 'consent',
  schema: 1,
  initial: { scopes: [] },
  events,
  decide: {
    GiveConsent: ({ scopes: before }, { type: _, ...given }) =>
      given.scopes.every((one) => before.includes(one)) ? accept() : accept({ type: 'consent.given', ...given }),
    WithdrawConsent: ({ scopes }, { type: _, ...between }) =>
      scopes.length === 0 ? reject('no-such-consent') : accept({ type: 'consent.withdrawn', ...between }),
  },
  evolve: {
    'consent.given': ({ scopes: before }, { scopes }) => ({ scopes: [...new Set([...before, ...scopes])] }),
    'consent.withdrawn': () => ({ scopes: [] }),
  },
};
