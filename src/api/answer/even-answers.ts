import { CommandRejected } from '../../application/command-rejected.js';
import type { Beat, Pace } from '../../application/ports/pace.js';
import { Problem } from '../problems/problem.js';

/** Which answers of a row must not tell by their time whether there is such an account. */
export type Evenness = 'every-answer' | 'refusals';

/** Faults and a service that is busy are nobody's secret: they are answered at once. */
const isRefusal = (error: unknown): boolean => error instanceof CommandRejected || error instanceof Problem;

/** Of a row, named by its id. */
export function evenly<T>(
  pace: Pace,
  { id, even }: Readonly<{ id: string; even?: Evenness }>,
  work: () => Promise<T>,
): Promise<T> {
  return even === undefined ? work() : withBeat(pace.begin(id), even, work);
}

async function withBeat<T>(beat: Beat, even: Evenness, work: () => Promise<T>): Promise<T> {
  try {
    const answer = await work();
    if (even === 'every-answer') await beat();
    return answer;
  } catch (error) {
    if (isRefusal(error)) await beat();
    throw error;
  }
}
