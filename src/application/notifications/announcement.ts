import type { Contact, ContactAddress } from '../ports/people.js';
import type { TenantSite } from '../ports/tenant-sites.js';
import type { Channel, Details, NotificationKind, Proof } from './kinds.js';
import type { ProofKind, ProofRequest } from './proofs.js';

export type Recipient = Readonly<{ channel: Channel; address: string }>;

/** What an event gives reason to say: the same to every recipient. With a `proof` its link and code are part of it. */
export type Announcement =
  | {
      readonly [Kind in ProofKind]: Readonly<{ kind: Kind; proof: ProofRequest; recipients: readonly Recipient[] }>;
    }[ProofKind]
  | {
      readonly [Kind in Exclude<NotificationKind, ProofKind>]: Readonly<{
        kind: Kind;
        details: Exclude<Details[Kind], Proof>;
        recipients: readonly Recipient[];
      }>;
    }[Exclude<NotificationKind, ProofKind>];

export type Facts = Readonly<{ contact: Contact; site: TenantSite }>;

export const mailTo = ({ address }: Pick<ContactAddress, 'address'>): Recipient => ({ channel: 'mail', address });
export const textTo = ({ address }: Pick<ContactAddress, 'address'>): Recipient => ({
  channel: 'text-message',
  address,
});

const provedOrAll = (addresses: readonly ContactAddress[]): readonly ContactAddress[] =>
  addresses.some(({ verified }) => verified) ? addresses.filter(({ verified }) => verified) : addresses;

const proved = (addresses: readonly ContactAddress[]): readonly ContactAddress[] =>
  addresses.filter(({ verified }) => verified);

/** Every address that is known to be the person's; where none has been proved, those there are. */
export function everyAddress({ emails, phones }: Contact): readonly Recipient[] {
  const known = [...proved(emails).map(mailTo), ...proved(phones).map(textTo)];
  return known.length > 0 ? known : [...emails.map(mailTo), ...phones.map(textTo)];
}

/** The e-mail addresses, or the telephones of somebody without any. */
export const mailOrElsePhone = ({ emails, phones }: Contact): readonly Recipient[] =>
  emails.length > 0 ? provedOrAll(emails).map(mailTo) : provedOrAll(phones).map(textTo);
