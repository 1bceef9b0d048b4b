const firstSeconds = 5;
const longestSeconds = 900;

/**
 * Seconds until the next try: doubling from five seconds to a quarter of an hour, half of it left to chance (`draw`, 0
 * to 1).
 */
export function backOff(attempts: number, draw: number): number {
  const full = Math.min(longestSeconds, firstSeconds * 2 ** Math.min(attempts - 1, 16));
  return full / 2 + (full / 2) * draw;
}
