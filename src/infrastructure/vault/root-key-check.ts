import type { RootKeyRotation } from './root-key-rotation.js';
import { RootKeyMissing, type RootKeys } from './root-keys.js';

/** Milliseconds for which an answer is good: it takes a look at every tenant, and anybody may ask whether the process is ready. */
const fresh = 10_000;

/** Whether this process can read whatever is wrapped; one that cannot would serve some tenants and fail for others. */
export class RootKeyCheck {
  private last: Readonly<{ at: number; answer: Promise<void> }> | undefined;

  constructor(
    private readonly rotation: RootKeyRotation,
    private readonly rootKeys: RootKeys,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @throws RootKeyMissing */
  async require(): Promise<void> {
    const used = await this.rotation.versionsInUse();
    const known = new Set(await this.rootKeys.versions());
    const missing = used.find((version) => !known.has(version));
    if (missing !== undefined) throw new RootKeyMissing(missing);
  }

  /** As `require`, as of a moment ago. */
  recently(): Promise<void> {
    const at = this.now();
    if (this.last === undefined || at - this.last.at >= fresh) this.last = { at, answer: this.require() };
    return this.last.answer;
  }
}
