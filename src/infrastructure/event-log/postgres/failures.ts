import pg from 'pg';

/**
 * What a failed batch tells. `refused`: PostgreSQL rolled it back because of what it says. `contended`: rolled back because it waited or
 * worked too long. `misplaced`: the stream holds these event ids at another revision. `unreachable`: no answer, or one that has nothing to do with the batch; it may have been committed. `outdated`: rolled
 * back because this instance may not write.
 */
export type Failure = 'refused' | 'contended' | 'misplaced' | 'unreachable' | 'outdated';

/** SQLSTATEs, or their class (PostgreSQL, Appendix A), in the order in which they are looked up; everything else is `refused`. */
const byState: readonly (readonly [string, Failure])[] = [
  ['AN001', 'outdated'],
  ['55P03', 'contended'], // lock not available
  ['57014', 'contended'], // statement timeout
  ['40', 'contended'], // deadlock, serialization failure
  ['25006', 'unreachable'], // a standby
  ['25P', 'unreachable'], // timeouts that end the session
  ['08', 'unreachable'],
  ['28', 'unreachable'], // refused to connect
  ['3D', 'unreachable'], // the database is being restored
  ['53', 'unreachable'], // disk full, out of memory, too many connections
  ['57', 'unreachable'], // shutting down, starting up
  ['58', 'unreachable'], // input or output of the server
];

const uniqueViolation = '23505';
const idIndexSuffix = '_origin_id';

export function failureOf(error: unknown): Failure {
  if (!(error instanceof pg.DatabaseError) || error.code === undefined) return 'unreachable';
  const { code, constraint } = error;
  if (code === uniqueViolation && constraint?.endsWith(idIndexSuffix)) return 'misplaced';

  return byState.find(([state]) => code.startsWith(state))?.[1] ?? 'refused';
}

/** What may be said about a refused append: PostgreSQL's own message and detail can quote personal data out of an inline row. */
export function describeRefusal(stream: string, error: unknown): Error {
  const { code, table, column } = error instanceof pg.DatabaseError ? error : {};
  const place = [table, column].filter((name) => name !== undefined).join('.');

  return new Error(`PostgreSQL refused the append to ${stream} (${[code, place].filter(Boolean).join(' in ')})`);
}
