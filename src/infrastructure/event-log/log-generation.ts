import type { ControlRow } from './control-row.js';
import { OutdatedInstance } from './outdated-instance.js';

/**
 * Numbers what this program writes: the catalogue of events and the inline models. Raised whenever either changes, so that in a rolling
 * upgrade an instance that would not write the new rows is refused by the log (test/fixtures/log-generation.json records what it stands for).
 */
export const logGeneration = 18;

export const generationName = (generation: number): string => `generation-${generation}`;

const generationOf = (name: string): number => Number(name.replace('generation-', ''));

/** Makes this program's generation the active one where the log is written under an older one. @throws OutdatedInstance under a newer one */
export async function adoptGeneration(control: ControlRow): Promise<void> {
  await control.claim();
  const active = await control.active();
  if (active === undefined || active === control.fingerprint) return;
  if (generationOf(active) > generationOf(control.fingerprint))
    throw new OutdatedInstance(`it is written as ${active}`);
  await control.advance(active);
}
