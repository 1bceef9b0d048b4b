import { type ASTNode, Environment, type ParseResult } from '@marcbachmann/cel-js';
import { LRUCache } from 'lru-cache';
import { ClaimExpressions, type ClaimSource } from '../application/ports/claim-expressions.js';
import type { Json } from '../domain/json.js';

const longestExpression = 1_000;
/** Characters of a value as JSON. */
const longestValue = 2_048;

/**
 * Functions that cost no more than what they are given is long. Neither `matches`, whose regular expressions may backtrack for ever, nor
 * `cel.bind`, with which a text doubles at every step, is among them.
 */
const allowed: ReadonlySet<string> = new Set(
  'size has string int double bool contains startsWith endsWith lowerAscii upperAscii trim split join all exists exists_one map filter'.split(
    ' ',
  ),
);
const comprehensions: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

const environment = new Environment({
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: 100, maxDepth: 20, maxListElements: 32, maxMapEntries: 32, maxCallArguments: 4 },
})
  .registerVariable('client', 'map')
  .registerVariable('tenant', 'map')
  .registerVariable('user', 'map')
  .registerVariable('scope', 'list<string>');

/**
 * CEL (Common Expression Language) by `@marcbachmann/cel-js`. An expression cannot run for long: it is short, calls nothing that is not on a
 * list, and loops at most once over what a token can speak of.
 */
export class CelClaimExpressions extends ClaimExpressions {
  readonly #parsed = new LRUCache<string, { run: ParseResult } | { problem: string }>({ max: 1_000 });

  problem(expression: string): string | undefined {
    const parsed = this.#parse(expression);
    return 'problem' in parsed ? parsed.problem : undefined;
  }

  value(expression: string, source: ClaimSource): Json | undefined {
    const parsed = this.#parse(expression);
    if ('problem' in parsed) return undefined;
    try {
      const value = plain(parsed.run(source));
      return value !== undefined && JSON.stringify(value).length <= longestValue ? value : undefined;
    } catch {
      // What it asks for is not there.
      return undefined;
    }
  }

  #parse(expression: string): { run: ParseResult } | { problem: string } {
    const known = this.#parsed.get(expression);
    if (known) return known;
    const parsed = parse(expression);
    this.#parsed.set(expression, parsed);
    return parsed;
  }
}

function parse(expression: string): { run: ParseResult } | { problem: string } {
  if (expression.length > longestExpression) return { problem: `must have at most ${longestExpression} characters` };
  try {
    const run = environment.parse(expression);
    const problem = beyond(run.ast, 0) ?? firstLine(run.check().error);
    return problem === undefined ? { run } : { problem };
  } catch (error) {
    return { problem: firstLine(error) ?? 'is no CEL expression' };
  }
}

const firstLine = (error: unknown): string | undefined =>
  error instanceof Error ? (error.message.split('\n')[0] ?? 'is no CEL expression') : undefined;

/** What an expression calls that it may not, or undefined. */
function beyond(part: unknown, loops: number): string | undefined {
  if (Array.isArray(part)) {
    for (const one of part) {
      const found = beyond(one, loops);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isNode(part)) return undefined;
  const isCall = part.op === 'call' || part.op === 'rcall';
  if (!isCall) return beyond(part.args, loops);
  const [name] = part.args;
  if (!allowed.has(name)) return `there is no function ${name}`;
  const inside = loops + (comprehensions.has(name) ? 1 : 0);
  return inside > 1 ? 'loops within loops are not allowed' : beyond(part.args, inside);
}

const isNode = (part: unknown): part is ASTNode => typeof part === 'object' && part !== null && 'op' in part;

/** The value as JSON; undefined where it is none. */
function plain(value: unknown): Json | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
  if (Array.isArray(value)) {
    const items = value.map(plain);
    return items.every((one) => one !== undefined) ? items : undefined;
  }
  const isMap = typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
  if (!isMap) return undefined;
  const entries = Object.entries(value).map(([name, one]) => [name, plain(one)] as const);
  return entries.every(([, one]) => one !== undefined) ? (Object.fromEntries(entries) as Json) : undefined;
}
