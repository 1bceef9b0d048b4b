import { Problem } from '../problems/problem.js';

/** Entity tags of this service are revisions: `"0"`, `"1"`, … */
const revisionTag = /^"(0|[1-9][0-9]{0,14})"$/;

/**
 * `If-Match` (RFC 9110 section 13.1.1): the revision the caller has seen; undefined for `*`, and where it is absent and not required.
 * A tag that this service never gives matches nothing.
 * @throws Problem revision-required, revision-mismatch
 */
export function expectedRevision(ifMatch: string | undefined, required: boolean): number | undefined {
  if (ifMatch === undefined && required) throw new Problem('revision-required');
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const revision = revisionTag.exec(ifMatch.trim())?.[1];
  if (revision === undefined)
    throw new Problem('revision-mismatch', { detail: 'If-Match holds one strong entity tag or *.' });

  return Number(revision);
}
