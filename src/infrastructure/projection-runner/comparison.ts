import type { Digest } from './digests.js';

/** Seen from the live table: a row that only the fold has is `missing`, one that only the live table has is `extra`. */
export type Difference = Readonly<{ key: string; kind: 'missing' | 'extra' | 'different' }>;

/** Keys are told, values never: they may be personal. */
export type Comparison = Readonly<{
  /** Rows of the fold. */
  rows: number;
  differences: number;
  /** The first differences, at most {@link sampleSize}. */
  sample: readonly Difference[];
}>;

export const sampleSize = 100;

/**
 * Merges two sequences that are ordered by the bytes of their keys. Given `moving`, only rows of one revision can differ; the keys of
 * others are handed to it.
 */
export async function compareDigests(
  live: AsyncIterator<Digest>,
  folded: AsyncIterator<Digest>,
  moving?: (key: string) => void,
): Promise<Comparison> {
  let [rows, differences] = [0, 0];
  const sample: Difference[] = [];
  const differ = (key: string, kind: Difference['kind'], moved: boolean): void => {
    if (moved && moving !== undefined) return moving(key);
    differences += 1;
    if (sample.length < sampleSize) sample.push({ key, kind });
  };
  let [held, built] = [await live.next(), await folded.next()];
  while (!held.done || !built.done) {
    if (built.done || (!held.done && isBefore(held.value.key, built.value.key))) {
      differ((held as IteratorYieldResult<Digest>).value.key, 'extra', true);
      held = await live.next();
      continue;
    }
    rows += 1;
    if (held.done || isBefore(built.value.key, held.value.key)) {
      differ(built.value.key, 'missing', true);
    } else {
      if (held.value.digest !== built.value.digest)
        differ(built.value.key, 'different', held.value.revision !== built.value.revision);
      held = await live.next();
    }
    built = await folded.next();
  }
  return { rows, differences, sample };
}

const isBefore = (left: string, right: string): boolean =>
  left !== right && Buffer.compare(Buffer.from(left), Buffer.from(right)) < 0;
