/** Events per second over the recent past: an average whose memory halves every two seconds. */
export class Rate {
  private value = 0;
  private since = performance.now();

  get now(): number {
    return this.value;
  }

  add(events: number): void {
    const now = performance.now();
    const seconds = Math.max(now - this.since, 0.001) / 1000;
    const fresh = 1 - 2 ** (-seconds / 2);
    this.value += (events / seconds - this.value) * fresh;
    this.since = now;
  }
}
