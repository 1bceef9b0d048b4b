import type { Mount } from '../server/mounting.js';
import type { ProblemCode } from '../problems.js';

type Row = readonly [when: (mount: Mount<never>) => boolean, codes: readonly ProblemCode[]];

const always = (): boolean => true;

/** Which problems follow from the columns of a row, so that no row has to name them. */
const implied: readonly Row[] = [
  [always, ['malformed-request', 'not-found', 'not-acceptable', 'internal', 'unavailable']],
  [({ route }) => route.query !== undefined || route.paged === true, ['invalid-fields', 'repeated-parameter']],
  [always, ['unknown-field']],
  [({ route }) => route.paged === true, ['invalid-cursor']],
  [
    ({ route }) => route.body !== undefined,
    ['malformed-body', 'body-too-large', 'unsupported-media-type', 'invalid-fields'],
  ],
  [({ route }) => route.access !== 'public', ['unauthenticated', 'invalid-token', 'forbidden']],
  [({ path, issuer }) => path.includes('/:tenant/') && issuer === 'path', ['tenant-suspended']],
  [({ route }) => route.rateLimit !== 'none', ['too-many-requests']],
  [({ route }) => route.method !== 'get' && route.access !== 'public', ['conflict']],
  [({ route }) => route.ifMatch !== undefined, ['revision-mismatch']],
  [({ route }) => route.ifMatch === 'required', ['revision-required']],
  [({ route }) => route.idempotent !== undefined, ['request-in-progress', 'idempotency-key-reused']],
  [
    ({ route }) => route.reads !== undefined,
    ['not-yet-visible', 'foreign-epoch', 'read-model-building', 'read-model-parked'],
  ],
];

/** Every problem that a mounted row can answer, each once. */
export function problemsOf<Services>(mount: Mount<Services>): readonly ProblemCode[] {
  const columns = mount as unknown as Mount<never>;
  const codes = implied.filter(([when]) => when(columns)).flatMap(([, codes]) => codes);
  return [...new Set([...codes, ...(mount.route.problems ?? [])])];
}
