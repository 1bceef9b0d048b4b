/** What of an error may stand in a log. */
export type ErrorDescription = Readonly<{ name: string; message?: string; code?: string; stack: readonly string[] }>;

const maxCauses = 4;

/**
 * Whether a message may quote data. PostgreSQL's do (`invalid input syntax for type uuid: "…"`), and so do those of parsers; they are
 * left out, and the code and place of the error say enough.
 */
const quotesData = (error: Error): boolean =>
  error instanceof SyntaxError || error instanceof URIError || ('severity' in error && 'routine' in error);

/** An error and its causes, outermost first, without anything that could be a secret or a personal datum. */
export function describeError(error: unknown): readonly ErrorDescription[] {
  const chain: ErrorDescription[] = [];
  for (let current = error; current !== undefined && chain.length < maxCauses; current = causeOf(current)) {
    chain.push(describe(current));
  }
  return chain;
}

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined);

function describe(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, stack: [] };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const message = quotesData(error) ? {} : { message: error.message };
  // The first lines of a stack repeat the message.
  const stack = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { name: error.name, ...message, ...code, stack: stack.slice(0, 12).map((line) => line.trim()) };
}
