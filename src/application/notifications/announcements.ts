import type { Message } from '../../domain/decider.js';
import type { CredentialsEvent } from '../../domain/credentials/events.js';
import type { GrantEvent } from '../../domain/grant/grant.js';
import type { UserEvent } from '../../domain/user/events.js';
import { type ClaimId, reveal, type UserId } from '../../domain/values.js';
import {
  type Announcement,
  everyAddress,
  type Facts,
  mailOrElsePhone,
  mailTo,
  type Recipient,
  textTo,
} from './announcement.js';

/** Events that may have to be told to somebody; a new category is named here and in `categories`. */
export type Announced = UserEvent | CredentialsEvent | GrantEvent;

export const categories: readonly string[] = ['user', 'credentials', 'grant'];

type Row<Event> = (event: Event, facts: Facts) => Announcement | undefined;

/** Said aloud, so that a new event type has to be thought about. */
const nothing = (): undefined => undefined;

const resetPage = ({ site }: Facts): Readonly<{ link: string }> => ({ link: `${site.url}/reset-password` });

const verification = (kind: 'email' | 'phone', claim: ClaimId, address: string): Announcement =>
  kind === 'email'
    ? { kind: 'verify-email', proof: { kind: 'verify-email', claim }, recipients: [mailTo({ address })] }
    : { kind: 'verify-phone', proof: { kind: 'verify-phone', claim }, recipients: [textTo({ address })] };

const invitation = (_: unknown, { contact }: Facts): Announcement => ({
  kind: 'invitation',
  proof: { kind: 'invitation' },
  recipients: contact.emails.length > 0 ? contact.emails.map(mailTo) : contact.phones.map(textTo),
});

/** The address that was given up, if it was one, and the others that the person is known to have. */
const previousAndOthers = (
  { kind, previous }: Extract<UserEvent, { type: 'user.identifier-changed' }>,
  { contact }: Facts,
): readonly Recipient[] => {
  const old = reveal(previous?.value);
  if (kind === 'username' || old === undefined) return everyAddress(contact);
  if (kind === 'email') return [mailTo({ address: old })];

  return [textTo({ address: old }), ...everyAddress(contact).filter(({ channel }) => channel === 'mail')];
};

/** An address that was taken away, where it is known to have been the person's: nothing else reaches whoever reads there. */
const removedAddress = ({
  kind,
  value,
  verified,
}: Extract<UserEvent, { type: 'user.identifier-removed' }>): readonly Recipient[] => {
  const address = reveal(value);
  if (kind === 'username' || !verified || address === undefined) return [];

  return [kind === 'email' ? mailTo({ address }) : textTo({ address })];
};

/** What every event has to say to the person it is about: one row per type. */
export const announcements: { readonly [Type in Announced['type']]: Row<Extract<Announced, { type: Type }>> } = {
  // An unverified address is asked by an event of its own, in the same decision.
  'user.registered': nothing,
  'user.invited': invitation,
  'user.invitation-repeated': invitation,
  'user.invitation-accepted': nothing,
  'user.abandoned': nothing,
  'user.registration-repeated': (_, facts) => ({
    kind: 'already-registered',
    details: resetPage(facts),
    recipients: mailOrElsePhone(facts.contact),
  }),
  'user.verification-requested': ({ kind, claim }, { contact }) => {
    if (kind === 'username') return undefined;
    const found = (kind === 'email' ? contact.emails : contact.phones).find((one) => one.claim === claim);
    return found && !found.verified ? verification(kind, claim, found.address) : undefined;
  },
  'user.identifier-verified': nothing,
  'user.identifier-change-requested': ({ kind, value, claim }, { contact }) => {
    const address = reveal(value);
    // Taken back since, or asked for with a password that was replaced: a proof that is made now would be as good as any.
    if (kind === 'username' || address === undefined || !contact.waiting.includes(claim)) return undefined;

    return verification(kind, claim, address);
  },
  'user.identifier-changed': (event, facts) =>
    // The first value of its kind replaces nothing that somebody could miss.
    event.previous && {
      kind: 'identifier-changed',
      details: { identifier: event.kind, removed: false },
      recipients: previousAndOthers(event, facts),
    },
  'user.identifier-removed': (event, { contact }) => ({
    kind: 'identifier-changed',
    details: { identifier: event.kind, removed: true },
    recipients: [...removedAddress(event), ...everyAddress(contact)],
  }),
  'user.profile-changed': nothing,
  'user.administrator-appointed': nothing,
  'user.administrator-dismissed': nothing,
  'user.departure-abandoned': nothing,
  'user.suspended': nothing,
  'user.reactivated': nothing,
  'user.deactivated': nothing,
  'user.undeleted': nothing,
  'user.sessions-revoked': nothing,
  'user.erased': nothing,

  'credentials.password-set': nothing,
  'credentials.password-changed': (_, facts) => ({
    kind: 'password-changed',
    details: resetPage(facts),
    recipients: everyAddress(facts.contact),
  }),
  'credentials.password-check-failed': nothing,
  'credentials.password-rehashed': nothing,
  'credentials.password-reset-requested': (_, { contact }) => ({
    kind: 'reset-password',
    proof: { kind: 'reset-password' },
    recipients: mailOrElsePhone(contact),
  }),
  'credentials.password-reset': (_, facts) => ({
    kind: 'password-reset',
    details: resetPage(facts),
    recipients: everyAddress(facts.contact),
  }),
  'credentials.password-change-required': nothing,
  'credentials.password-removed': nothing,

  'grant.given': nothing,
  'grant.refreshed': nothing,
  'grant.refresh-retried': nothing,
  'grant.reuse-detected': (_, { contact }) => ({
    kind: 'refresh-token-reused',
    details: {},
    recipients: everyAddress(contact),
  }),
  'grant.revoked': nothing,
  'grant.used': nothing,
  'grant.forestalled': nothing,
};

const isAnnounced = (event: Message): event is Announced => Object.hasOwn(announcements, event.type);

/** Whom the event is about, when it may have to be told; undefined for all others, without a look at anybody. */
export const personToTell = (event: Message): UserId | undefined =>
  isAnnounced(event) && announcements[event.type] !== nothing ? event.user : undefined;

/** @returns undefined when there is nothing to say after all */
export function announce(event: Message, facts: Facts): Announcement | undefined {
  if (!isAnnounced(event)) return undefined;
  const row = announcements[event.type] as Row<Announced>;
  return row(event, facts);
}
