import type { Json } from '../../domain/json.js';

/** What expressions of a claims mapping can speak of. */
export type ClaimSource = Readonly<{
  client: Readonly<{ id: string }>;
  tenant: Readonly<{ id: string; slug: string }>;
  /** Standard claims as far as the scope goes; empty where a client acts for itself. */
  user: Readonly<Record<string, Json>>;
  scope: readonly string[];
}>;

/** Declarative expressions for the values of claims. */
export abstract class ClaimExpressions {
  /** Why this is none, for people; undefined where it is one. */
  abstract problem(expression: string): string | undefined;
  /** Undefined where it has no value for this source, or one that no claim should have. */
  abstract value(expression: string, source: ClaimSource): Json | undefined;
}
