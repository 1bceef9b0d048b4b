/** Values of a log line. Never a secret, a personal datum or a request body. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Speaks to the operator: one structured line per call. `event` is a constant name such as `request` or `projector-parked`. */
export abstract class OperatorLog {
  abstract info(event: string, fields?: LogFields): void;
  abstract warn(event: string, fields?: LogFields, error?: unknown): void;
  abstract error(event: string, fields?: LogFields, error?: unknown): void;
}
