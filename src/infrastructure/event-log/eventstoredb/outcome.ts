import { ErrorType, NotLeaderError } from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import { LogUnavailable } from '../../../application/ports/event-log.js';

/**
 * What an error says about the call: nothing (it may or may not have been carried out, and can be sent again), that it
 * was refused for good, that the revision was another one, or that there is no such stream.
 */
export type Outcome = 'unknown' | 'refused' | 'conflict' | 'no-stream';

const byType: Readonly<Record<ErrorType, Outcome>> = {
  [ErrorType.TIMEOUT]: 'unknown',
  [ErrorType.DEADLINE_EXCEEDED]: 'unknown',
  [ErrorType.UNAVAILABLE]: 'unknown',
  [ErrorType.CANCELLED]: 'unknown',
  [ErrorType.UNKNOWN]: 'unknown',
  [ErrorType.NOT_LEADER]: 'unknown',
  [ErrorType.NOT_FOUND]: 'unknown',
  [ErrorType.STREAM_NOT_FOUND]: 'no-stream',
  [ErrorType.NO_STREAM]: 'no-stream',
  [ErrorType.WRONG_EXPECTED_VERSION]: 'conflict',
  [ErrorType.ACCESS_DENIED]: 'refused',
  [ErrorType.INVALID_ARGUMENT]: 'refused',
  [ErrorType.INVALID_TRANSACTION]: 'refused',
  [ErrorType.STREAM_DELETED]: 'refused',
  [ErrorType.SCAVENGE_NOT_FOUND]: 'refused',
  [ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED]: 'refused',
  [ErrorType.MISSING_REQUIRED_METADATA_PROPERTY]: 'refused',
  [ErrorType.PERSISTENT_SUBSCRIPTION_FAILED]: 'refused',
  [ErrorType.PERSISTENT_SUBSCRIPTION_DOES_NOT_EXIST]: 'refused',
  [ErrorType.PERSISTENT_SUBSCRIPTION_EXISTS]: 'refused',
  [ErrorType.PERSISTENT_SUBSCRIPTION_DROPPED]: 'refused',
  [ErrorType.MAXIMUM_SUBSCRIBERS_REACHED]: 'refused',
  [ErrorType.USER_NOT_FOUND]: 'refused',
  [ErrorType.USER_CONFLICT]: 'refused',
  [ErrorType.UNSUPPORTED]: 'refused',
};

/** gRPC codes after which a repetition cannot fare better. The client has a type of its own for few of them. */
const refusingCodes: ReadonlySet<number> = new Set([
  status.INVALID_ARGUMENT,
  status.ALREADY_EXISTS,
  status.PERMISSION_DENIED,
  status.FAILED_PRECONDITION,
  status.OUT_OF_RANGE,
  status.UNIMPLEMENTED,
  status.DATA_LOSS,
  status.UNAUTHENTICATED,
]);

/**
 * Errors come as the client's classes, as raw gRPC errors or as plain ones ("Failed to discover after 10 attempts."),
 * so type and code both count. What nobody knows is an unknown outcome: sending identical ids, bytes and revision
 * again is safe.
 */
export function outcomeOf(error: unknown): Outcome {
  // Decided on this side, such as by the write gate.
  if (error instanceof LogUnavailable) return 'refused';

  const { type, code } = error as { type?: ErrorType; code?: number };
  const known = type === undefined ? undefined : byType[type];
  if (known !== undefined && type !== ErrorType.UNKNOWN) return known;

  return code !== undefined && refusingCodes.has(code) ? 'refused' : 'unknown';
}

/** Fit for messages and logs: the error's own words, which hold no data and no credentials. */
export function reasonOf(error: unknown): string {
  if (error instanceof NotLeaderError) return 'another node leads';

  return error instanceof Error && error.message !== '' ? error.message : String((error as { type?: unknown }).type);
}
