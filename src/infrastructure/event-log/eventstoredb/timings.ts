/** All in milliseconds. */
export type Timings = Readonly<{
  /** One call. Above the server's own write timeout of 2 s, so that its answer arrives. */
  call: number;
  /** One operation with all its repetitions; then LogUnavailable. */
  operation: number;
  /** The first pause between two attempts; each pause is twice as long, jittered, up to `longestPause`. */
  pause: number;
  longestPause: number;
  /** Letting go of the connection. */
  dispose: number;
}>;

export const defaultTimings: Timings = {
  call: 3_000,
  operation: 10_000,
  pause: 25,
  longestPause: 1_000,
  dispose: 2_000,
};

/** The client ends a call at its limit; one that it does not end is given up this much later. */
export const givenUpAfter = ({ call }: Timings): number => call * 1.2;

/** How old an instance's knowledge of the control row may be when it sends an append. */
export const lease = 1_000;
