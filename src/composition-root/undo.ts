/** What has been started, to be stopped in reverse. */
export class Undo {
  private readonly steps: (() => Promise<unknown>)[] = [];

  constructor(private readonly failed: (error: unknown) => void) {}

  later(step: () => Promise<unknown>): void {
    this.steps.push(step);
  }

  /** Every step is taken, whatever becomes of the others; again does nothing. */
  async all(): Promise<void> {
    for (const step of this.steps.splice(0).reverse()) await step().catch(this.failed);
  }
}
