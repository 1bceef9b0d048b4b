import { benchAppend } from './append.js';
import { type Figure, perSecond, type Tell } from './measure.js';

/** Group commit against one transaction per append. */
export async function benchAppending(tell: Tell): Promise<readonly Figure[]> {
  tell('1, 16, 64 and 512 writers');
  const rows = await benchAppend();
  return rows.map(({ writers, groupCommit, oneEach, ratio, target }) => ({
    what: `append of one event, ${writers} ${writers === 1 ? 'writer' : 'writers'}`,
    measured: perSecond(groupCommit),
    baseline: `${perSecond(oneEach)} one transaction per append`,
    ratio,
    target: `≥ ${target}`,
  }));
}
