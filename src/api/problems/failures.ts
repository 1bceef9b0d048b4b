import { CommandRejected } from '../../application/command-rejected.js';
import { ForeignEpoch, LogUnavailable, RevisionConflict } from '../../application/ports/event-log.js';
import { KeyMissing, VaultUnavailable } from '../../application/ports/vault.js';
import { HashingBusy, PasswordTooLong } from '../../application/ports/password-hasher.js';
import { RateLimitsUnavailable } from '../../application/ports/rate-limits.js';
import { Problem, type ProblemOptions } from './problem.js';
import { isProblemCode, type ProblemCode } from '../problems.js';
import { MalformedPath } from '../server/route-tree.js';
import { isUnavailability } from './unavailability.js';

type Row = readonly [type: abstract new (...args: never[]) => Error, code: ProblemCode, options?: ProblemOptions];

/** Errors of the inner layers and of parsing, as problems. Whatever is not listed is a fault of ours. */
const failures: readonly Row[] = [
  [RevisionConflict, 'conflict', { retryAfter: 1 }],
  [LogUnavailable, 'unavailable', { retryAfter: 2 }],
  [VaultUnavailable, 'unavailable', { retryAfter: 2 }],
  [ForeignEpoch, 'foreign-epoch'],
  [RateLimitsUnavailable, 'unavailable', { retryAfter: 2 }],
  [PasswordTooLong, 'invalid-fields', { detail: 'The password is longer than any policy allows.' }],
  [MalformedPath, 'malformed-request'],
];

/** The problem that an error becomes; the error itself goes to the operator as its cause. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof CommandRejected) return rejected(error);
  if (error instanceof HashingBusy) return new Problem('busy', { retryAfter: error.retryAfterSeconds, cause: error });
  if (isOvertaken(error)) return new Problem('conflict', { retryAfter: 1, cause: error });
  const row = failures.find(([type]) => error instanceof type);
  if (row !== undefined) return new Problem(row[1], { ...row[2], cause: error });

  return isUnavailability(error)
    ? new Problem('unavailable', { retryAfter: 2, cause: error })
    : new Problem('internal', { cause: error });
}

/**
 * Somebody was erased, or a credential replaced, while the request was under way: the next try meets what is there now. Keys of tenants are
 * another matter: without them something is wrong with the vault.
 */
const isOvertaken = (error: unknown): boolean =>
  error instanceof KeyMissing && (error.ref.scope === 'person' || error.ref.scope === 'credential');

/** What a refusal recorded stands at a position too, so that the caller can read it. */
function rejected({ code, details }: CommandRejected): Problem {
  if (!isProblemCode(code)) return new Problem('internal', { cause: new Error(`the rejection ${code} has no row`) });

  return new Problem(code, {
    ...(details.fields === undefined ? {} : { errors: details.fields }),
    ...(details.retryAfterSeconds === undefined ? {} : { retryAfter: details.retryAfterSeconds }),
    ...(details.position === undefined ? {} : { headers: { 'Annal-Position': details.position } }),
  });
}
