/** Events of a long log. `BENCH_EVENTS` shortens it where there is no time. */
export const longLog = Number(process.env['BENCH_EVENTS'] ?? 1_000_000);
