/** Codes of Node: nothing listens there, or the connection broke. */
const connectionCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Conditions of PostgreSQL: no connection (08), too many connections (53300), shutting down or starting (57P01 to 57P05), timeouts. */
const conditions = /^(08...|53300|57P0[1-5]|57014|25P03|25P04|55P03|40001|40P01)$/;

/** What the pool says where it has no code. */
const poolMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Knex: Timeout acquiring a connection)/;

/** The socket file goes with the server that made it. */
const socketIsGone = (error: Error, code: string): boolean =>
  code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect';

/** Whether an error means that something behind the service cannot be reached for now, so that a retry makes sense. */
export function isUnavailability(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    connectionCodes.has(code) ||
    socketIsGone(error, code) ||
    conditions.test(code) ||
    poolMessages.test(error.message) ||
    isUnavailability(error.cause)
  );
}
