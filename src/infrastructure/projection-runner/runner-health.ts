import type { Health } from './health.js';

/** What the runner of this process, where there is one, does about each model. */
export class RunnerHealth {
  private runner: Readonly<{ health(model: string): Health }> | undefined;

  follow(runner: Readonly<{ health(model: string): Health }>): void {
    this.runner = runner;
  }

  readonly of = (model: string): Health => this.runner?.health(model) ?? { duty: 'stopped', failures: 0 };
}
