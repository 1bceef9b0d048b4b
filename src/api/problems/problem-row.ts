export type ProblemRow = Readonly<{
  status: number;
  /** For whoever reads the answer; never changes with the occurrence. */
  title: string;
  /** What to do about it. */
  forDeveloper: string;
  /** The same request may succeed later, so it is not kept as the outcome of an Idempotency-Key. */
  transient?: true;
}>;
