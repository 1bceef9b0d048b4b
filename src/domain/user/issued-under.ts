import type { Credentials } from '../credentials/state.js';
import type { ClaimId } from '../values.js';
import type { Existing, Pending } from './state.js';

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

/** Whether an address that waits was asked for under what is in force now: whoever knew an older password has no say any more. */
export const waits = ({ under }: Pending, { account, credentials }: Current): boolean =>
  under.user === account.epoch && under.credentials === credentials.epoch;

/**
 * An address that waits was asked for by whoever knew the password then, and would hand the account over. One that is in force already is
 * only proved: its claim says enough.
 */
export const verificationStands = (issued: IssuedUnder | undefined, claim: ClaimId, current: Current): boolean => {
  const { account, credentials } = current;
  const waiting = account.pending.find((one) => one.claim === claim);
  if (!waiting) return true;

  return waits(waiting, current) && issued?.user === account.epoch && issued.credentials === credentials.epoch;
};
