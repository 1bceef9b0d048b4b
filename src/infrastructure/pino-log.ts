import { type DestinationStream, type Logger, pino } from 'pino';
import { type LogFields, OperatorLog } from '../application/ports/operator-log.js';
import { describeError } from './error-description.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

const maxLength = 1_024;
/** Whoever logs under such a name has made a mistake; the value does not get out. */
const revealing = /authorization|cookie|password|secret|token|verifier|body|e-?mail|phone|address/i;
/** Members that the line has of itself. */
const reserved: ReadonlySet<string> = new Set(['level', 'time', 'event', 'errors']);

/**
 * Lines wait for others, so that a busy service does not write to its output for every request: bytes, and milliseconds at most. Warnings
 * and errors take everything before them along at once.
 */
const gathering = { minLength: 8_192, periodicFlush: 100 };

/** One line of JSON per call; JSON escapes every control character, so no value can begin a line of its own. */
export class PinoLog extends OperatorLog {
  private readonly logger: Logger;
  private readonly flush: () => void;

  constructor(level: LogLevel, destination?: DestinationStream) {
    super();
    const options = {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label: string) => ({ level: label }) },
      messageKey: 'event',
    };
    if (destination) {
      this.logger = pino(options, destination);
      this.flush = () => undefined;
      return;
    }
    const output = pino.destination({ dest: 1, sync: true, ...gathering });
    this.logger = pino(options, output);
    this.flush = () => output.flushSync();
    process.once('exit', this.flush);
  }

  info(event: string, fields: LogFields = {}): void {
    this.logger.info(safe(fields), event);
  }

  warn(event: string, fields: LogFields = {}, error?: unknown): void {
    this.logger.warn({ ...safe(fields), ...described(error) }, event);
    this.flush();
  }

  error(event: string, fields: LogFields = {}, error?: unknown): void {
    this.logger.error({ ...safe(fields), ...described(error) }, event);
    this.flush();
  }
}

const described = (error: unknown): object => (error === undefined ? {} : { errors: describeError(error) });

function safe(fields: LogFields): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (reserved.has(name)) continue;
    if (revealing.test(name)) copy[name] = '[redacted]';
    else copy[name] = typeof value === 'string' ? value.slice(0, maxLength) : value;
  }
  return copy;
}
