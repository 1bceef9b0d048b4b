/** One thing without which the process cannot serve. */
export type Check = Readonly<{ name: string; healthy: boolean; detail?: string }>;

export abstract class Readiness {
  /** Every check, bounded in time; never rejects. */
  abstract checks(): Promise<readonly Check[]>;
}
