/*
 * A projector in a process of its own, on the database of a spec and on the same log (the facts of one seed). When it comes to a point of
 * the protocol for the nth time it sends itself a signal.
 */
import type { ProtocolPoint } from '../../../src/infrastructure/projection-runner/page-commit.js';
import { facts, happen } from './histories.js';
import { Rig } from './rig.js';

export type Fate = Readonly<{
  config: Rig['config'];
  seed: number;
  count: number;
  point: ProtocolPoint;
  times: number;
  signal: 'SIGKILL' | 'SIGSTOP';
}>;

const { config, seed, count, point, times, signal } = JSON.parse(process.argv[2] ?? '') as Fate;
const rig = Rig.beside(config);
await happen(rig, facts(seed, count));
let left = times;
const { runner, announcements } = rig.instance({
  holder: `mortal-${process.pid}`,
  lifetime: 600,
  pace: { page: 7, poll: 200, store: 20, rest: 0 },
  faults: (at) => {
    if (at !== point || (left -= 1) !== 0) return;
    process.send?.('now');
    process.kill(process.pid, signal);
  },
  told: (notice) => process.send?.(notice),
});
await announcements.listening();
await runner.start();
