import type { Catalogue, Message } from '../decider.js';
import type { IdentifierKind } from '../tenant/settings.js';
import type { ClaimId, Instant, Personal, UserId } from '../values.js';

/** A name by which the person signs in. `claim` is the stream id that makes it unique. */
export type Identifier = Readonly<{ kind: IdentifierKind; value: Personal<string>; claim: ClaimId; verified: boolean }>;

export type Profile = Readonly<{
  firstName?: string;
  lastName?: string;
  picture?: string;
  attributes?: Readonly<Record<string, string | number | boolean>>;
}>;

type About<Data extends object = object> = { user: UserId; at: Instant } & Data;
type Described = { identifiers: readonly Identifier[]; profile: Personal<Profile>; locale: string };

/* These names are stored for ever. */
export type UserEvent =
  | Message<'user.registered', About<Described & { by: 'self' | 'administrator' | 'setup'; administrator: boolean }>>
  | Message<'user.invited', About<Described & { administrator: boolean }>>
  | Message<'user.invitation-repeated', About>
  | Message<'user.invitation-accepted', About>
  /** Its identifiers were given up before the account came into being. */
  | Message<'user.abandoned', About>
  /** Somebody tried to register with an identifier of this account. */
  | Message<'user.registration-repeated', About<{ kind: IdentifierKind }>>
  | Message<'user.verification-requested', About<{ kind: IdentifierKind; claim: ClaimId }>>
  | Message<'user.identifier-verified', About<{ kind: IdentifierKind; claim: ClaimId }>>
  /**
   * A new value waits for its verification; the old one stays in force. `credentials` is the epoch of the password that was proved for
   * it.
   */
  | Message<
      'user.identifier-change-requested',
      About<{ kind: IdentifierKind; value: Personal<string>; claim: ClaimId; credentials: number }>
    >
  | Message<
      'user.identifier-changed',
      About<{ kind: IdentifierKind; value: Personal<string>; claim: ClaimId; verified: boolean; previous?: Identifier }>
    >
  | Message<'user.identifier-removed', About<Identifier>>
  | Message<'user.profile-changed', About<{ profile: Personal<Profile>; locale: string }>>
  | Message<'user.administrator-appointed', About>
  | Message<'user.administrator-dismissed', About>
  /** A command that was to take the person's powers, or the account, had died; should it only be slow, it conflicts with this. */
  | Message<'user.departure-abandoned', About>
  | Message<'user.suspended', About<{ reason: Personal<string> }>>
  | Message<'user.reactivated', About>
  | Message<'user.deactivated', About<{ by: 'self' | 'administrator' }>>
  | Message<'user.undeleted', About>
  | Message<'user.sessions-revoked', About>
  | Message<'user.erased', About>;

export const userEvents: Catalogue<UserEvent> = {
  'user.registered': { version: 1, retention: 'account' },
  'user.invited': { version: 1, retention: 'account' },
  'user.invitation-repeated': { version: 1, retention: 'account' },
  'user.invitation-accepted': { version: 1, retention: 'account' },
  'user.abandoned': { version: 1, retention: 'account' },
  'user.registration-repeated': { version: 1, retention: 'security' },
  'user.verification-requested': { version: 1, retention: 'account' },
  'user.identifier-verified': { version: 1, retention: 'account' },
  'user.identifier-change-requested': { version: 2, retention: 'account' },
  'user.identifier-changed': { version: 1, retention: 'account' },
  'user.identifier-removed': { version: 2, retention: 'account' },
  'user.profile-changed': { version: 1, retention: 'account' },
  'user.administrator-appointed': { version: 1, retention: 'account' },
  'user.administrator-dismissed': { version: 1, retention: 'account' },
  'user.departure-abandoned': { version: 1, retention: 'account' },
  'user.suspended': { version: 2, retention: 'account' },
  'user.reactivated': { version: 1, retention: 'account' },
  'user.deactivated': { version: 1, retention: 'account' },
  'user.undeleted': { version: 1, retention: 'account' },
  'user.sessions-revoked': { version: 1, retention: 'account' },
  'user.erased': { version: 1, retention: 'permanent' },
};
