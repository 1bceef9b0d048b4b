/** Counts the log's announcements, so that nobody misses one between a read and the wait after it. */
export class Growth {
  private count = 0;
  private readonly waiting = new Set<() => void>();

  /** Pass to the log's onGrowth. */
  readonly announce = (): void => {
    this.count += 1;
    for (const wake of [...this.waiting]) wake();
  };

  /** Take this before reading. */
  get seen(): number {
    return this.count;
  }

  /** Returns once the log has grown since `seen`, after `within` milliseconds, or when the signal aborts. */
  since(seen: number, within: number, signal: AbortSignal): Promise<void> {
    if (this.count !== seen || signal.aborted) return Promise.resolve();

    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, within);
      signal.addEventListener('abort', wake);
      this.waiting.add(wake);
    });
  }
}
