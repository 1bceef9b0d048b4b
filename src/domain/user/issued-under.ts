import type { Credentials } from '../credentials/state.js';
import type { ClaimId } from '../values.js';
import type { Existing } from './state.js';

/**
 * What was in force when a link or code was made: it is worth nothing once that has changed, whether or not anybody came round to
 * withdrawing it.
 */
export type IssuedUnder = Readonly<{
  user: number;
  credentials: number;
  invitations: number;
  /** The addresses that it was sent to, as far as they were the person's by then. */
  sentTo: readonly ClaimId[];
}>;

type Current = Readonly<{ account: Existing; credentials: Credentials }>;

const reaches = ({ sentTo }: IssuedUnder, { identifiers }: Existing): boolean =>
  sentTo.every((claim) => identifiers.some((one) => one.claim === claim));

/** Whether a reset still stands: for nothing but the password that was forgotten, at an address that is the person's. */
export const resetStands = (issued: IssuedUnder | undefined, { account, credentials }: Current): boolean =>
  issued !== undefined &&
  issued.user === account.epoch &&
  issued.credentials === credentials.epoch &&
  reaches(issued, account);

/** Only the newest invitation stands, and only at the address that it was sent to. */
export const invitationStands = (issued: IssuedUnder | undefined, account: Existing): boolean =>
  issued !== undefined &&
  issued.user === account.epoch &&
  issued.invitations === account.invitations &&
  reaches(issued, account);

/**
 * An address that waits was asked for by whoever knew the password then, and would hand the account over. One that is in force already is
 * only proved: its claim says enough.
 */
export const verificationStands = (
  issued: IssuedUnder | undefined,
  claim: ClaimId,
  { account, credentials }: Current,
): boolean =>
  !account.pending.some((one) => one.claim === claim) ||
  (issued !== undefined && issued.user === account.epoch && issued.credentials === credentials.epoch);
