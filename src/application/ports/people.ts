import type { IssuedUnder } from '../../domain/user/issued-under.js';
import type { ClaimId, TenantId, UserId } from '../../domain/values.js';

/** An e-mail address or a telephone number (E.164) in force; `claim` is the stream id that makes it unique. */
export type ContactAddress = Readonly<{ address: string; claim: ClaimId; verified: boolean }>;

/** How a person can be reached, in clear. */
export type Contact = Readonly<{
  /** BCP 47, as chosen by the person or at registration. */
  locale: string;
  names: Readonly<{ firstName?: string; lastName?: string }>;
  emails: readonly ContactAddress[];
  phones: readonly ContactAddress[];
  /** Addresses that wait for their proof, asked for under the password that is in force. */
  waiting: readonly ClaimId[];
  /** What a link or code that is made now stands on. */
  standing: Omit<IssuedUnder, 'sentTo'>;
}>;

export abstract class People {
  /**
   * As of the newest event of the person, not of a read model; undefined where there is nobody: never was, abandoned,
   * or erased.
   */
  abstract contact(tenant: TenantId, user: UserId): Promise<Contact | undefined>;
}
