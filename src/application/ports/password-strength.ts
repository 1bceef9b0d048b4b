import type { PasswordPolicy } from '../../domain/tenant/settings.js';

/**
 * `score` is zxcvbn's, 0 (guessed at once) to 4. What the policy does not ask for is not computed: not blocked, score
 * 4.
 */
export type Strength = Readonly<{ blocked: boolean; score: number }>;

export abstract class PasswordStrength {
  /** `words` are names and addresses of the person and the service, which make a password easier to guess. */
  abstract assess(policy: PasswordPolicy, password: string, words: readonly string[]): Promise<Strength>;
}
