import type { IssuedUnder } from '../../domain/user/issued-under.js';
import { type Instant, plusSeconds, secondsBetween, type UserId } from '../../domain/values.js';
import type { Clock } from '../ports/clock.js';
import type { Entropy } from '../ports/entropy.js';
import type { Recorded } from '../ports/event-log.js';
import type { NewMessage, OutboxEntry } from '../ports/outbox.js';
import type { Contact, People } from '../ports/people.js';
import type { NewSingleUse } from '../ports/single-use.js';
import type { TenantSite, TenantSites } from '../ports/tenant-sites.js';
import type { Announcement, Facts, Recipient } from './announcement.js';
import { announce, personToTell } from './announcements.js';
import { displayName } from './display-name.js';
import { type Channel, type Details, kinds, type NotificationKind, type Proof } from './kinds.js';
import {
  codeDigits,
  codeTries,
  type Lifetimes,
  longestSeconds,
  noticeSeconds,
  type ProofRequest,
  proofs,
  tokenBits,
} from './proofs.js';

/** A link and a code that were drawn for one event, and how to recognise them again. */
type Drawn = Readonly<{ details: Proof; artefact: NewSingleUse; linkExpiresAt: Instant; codeExpiresAt?: Instant }>;

/** Turns an event into the messages that it causes. */
export class Announcer {
  constructor(
    private readonly people: People,
    private readonly sites: TenantSites,
    private readonly entropy: Entropy,
    private readonly clock: Clock,
    /** Ways in which this installation can reach anybody. */
    private readonly channels: ReadonlySet<Channel>,
  ) {}

  /** @returns undefined when there is nothing to say, or nobody to say it to */
  async entryFor(recorded: Recorded): Promise<OutboxEntry | undefined> {
    const user = personToTell(recorded.event);
    // Whatever it was, its time has passed: an old log is read again without asking for anybody.
    const age = secondsBetween(recorded.occurredAt, this.clock.now());
    if (user === undefined || age >= longestSeconds) return undefined;
    const [contact, site] = await Promise.all([
      this.people.contact(recorded.tenant, user),
      this.sites.find(recorded.tenant),
    ]);
    if (!contact || !site) return undefined;
    const facts = { contact, site };
    const announcement = announce(recorded.event, facts);
    const recipients = this.reachable(announcement);
    if (!announcement || recipients.length === 0) return undefined;

    return this.compose(recorded, user, facts, announcement, recipients);
  }

  private reachable(announcement: Announcement | undefined): readonly Recipient[] {
    if (!announcement) return [];
    const { channels } = kinds[announcement.kind];
    return announcement.recipients.filter(({ channel }) => channels.includes(channel) && this.channels.has(channel));
  }

  private compose(
    recorded: Recorded,
    user: UserId,
    { contact, site }: Facts,
    announcement: Announcement,
    recipients: readonly Recipient[],
  ): OutboxEntry {
    const at = recorded.occurredAt;
    const entry = { event: recorded.id, tenant: recorded.tenant, user };
    const issued = issuedUnder(contact, recipients);
    const drawn = 'proof' in announcement ? this.draw(recorded, user, site, announcement.proof, issued) : undefined;
    const details = 'details' in announcement ? announcement.details : drawn?.details;
    if (!details) return { ...entry, outcome: 'expired' };

    const now = this.clock.now();
    const messages = recipients
      .map((recipient) => message(announcement.kind, recipient, details, { contact, site }, at, drawn))
      .filter(({ expiresAt }) => now < expiresAt);
    if (messages.length === 0) return { ...entry, outcome: 'expired' };

    return { ...entry, outcome: 'queued', messages, ...(drawn && { proof: drawn.artefact }) };
  }

  private draw(
    recorded: Recorded,
    user: UserId,
    site: TenantSite,
    { kind, claim }: ProofRequest,
    issued: IssuedUnder,
  ): Drawn {
    const { path, lifetimes, keepOlder } = proofs[kind];
    const { linkSeconds, codeSeconds } = boundedBy(longestSeconds, lifetimes(site));
    const at = recorded.occurredAt;
    const token = this.entropy.token(tokenBits);
    const expiresAt = plusSeconds(at, linkSeconds);
    const link = `${site.url}/${path}?token=${token}`;
    const made = {
      tenant: recorded.tenant,
      kind,
      subject: user,
      payload: { issued, ...(claim !== undefined && { claim }) },
      sealedFor: 'person' as const,
      expiresAt,
      at,
      eventId: recorded.id,
      keepOlder,
      token,
    };
    if (codeSeconds === undefined) return { details: { link, linkSeconds }, artefact: made, linkExpiresAt: expiresAt };

    const code = this.entropy.digits(codeDigits);
    const codeExpiresAt = plusSeconds(at, codeSeconds);
    return {
      details: { link, linkSeconds, code, codeSeconds },
      artefact: { ...made, code, codeExpiresAt, maxTries: codeTries },
      linkExpiresAt: expiresAt,
      codeExpiresAt,
    };
  }
}

const issuedUnder = ({ standing, emails, phones }: Contact, recipients: readonly Recipient[]): IssuedUnder => ({
  ...standing,
  sentTo: [...emails, ...phones]
    .filter((one) => recipients.some(({ address }) => address === one.address))
    .map(({ claim }) => claim),
});

/** A code lives no longer than its link, and nothing for ever. */
function boundedBy(longest: number, { linkSeconds: wished, codeSeconds }: Lifetimes): Lifetimes {
  const linkSeconds = Math.min(wished, longest);
  return { linkSeconds, ...(codeSeconds !== undefined && { codeSeconds: Math.min(codeSeconds, linkSeconds) }) };
}

function message(
  kind: NotificationKind,
  { channel, address }: Recipient,
  details: Details[NotificationKind],
  { contact, site }: Facts,
  at: Instant,
  drawn: Drawn | undefined,
): NewMessage {
  const name = displayName(contact.names);
  const content = {
    to: address,
    locales: [contact.locale, site.defaultLocale],
    service: { name: site.name, url: site.url },
    ...(name !== undefined && { name }),
    at,
    details,
    ...(drawn?.codeExpiresAt !== undefined && { codeExpiresAt: drawn.codeExpiresAt }),
  };
  return { kind, channel, content, expiresAt: endOf(channel, at, drawn) };
}

/** A text message lives as long as its code, mail as long as its link. */
function endOf(channel: Channel, at: Instant, drawn: Drawn | undefined): Instant {
  if (!drawn) return plusSeconds(at, noticeSeconds);
  return channel === 'text-message' && drawn.codeExpiresAt !== undefined ? drawn.codeExpiresAt : drawn.linkExpiresAt;
}
