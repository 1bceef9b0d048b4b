import { checkPassword, type PasswordViolation } from '../domain/credentials/password-policy.js';
import type { Credentials } from '../domain/credentials/state.js';
import type { Verifier } from '../domain/credentials/verifier.js';
import type { Profile } from '../domain/user/events.js';
import { type CredentialId, reveal, type Secret, secret, type UserId } from '../domain/values.js';
import { CommandRejected, type FieldError } from './command-rejected.js';
import type { CommandContext } from './ports/event-log.js';
import type { PasswordHasher } from './ports/password-hasher.js';
import type { PasswordStrength } from './ports/password-strength.js';
import type { Vault } from './ports/vault.js';
import type { Steps } from './steps.js';
import type { TenantPolicy } from './tenants.js';

/** A password that passed the policy, ready to be recorded. */
export type NewPassword = Readonly<{
  user: UserId;
  credential: CredentialId;
  verifier: Secret<Verifier>;
  policyRevision: number;
}>;

/** Checks new passwords against a tenant's policy and makes their verifiers. */
export class Passwords {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly strength: PasswordStrength,
    private readonly vault: Vault,
    private readonly steps: Steps,
  ) {}

  /**
   * @param words names and addresses that the password must not contain
   * @throws CommandRejected invalid-fields at `pointer`
   */
  async check(policy: TenantPolicy, password: string, words: readonly string[], pointer: string): Promise<void> {
    await this.#check(policy, password, words, pointer, false);
  }

  hash(password: string): Promise<Verifier> {
    return this.hasher.hash(password);
  }

  /** Makes the key that dies with this password, or with the person. @throws KeyMissing where the person is erased */
  async keyed(context: CommandContext, policy: TenantPolicy, owner: UserId, verifier: Verifier): Promise<NewPassword> {
    const credential = this.#credentialOf(context, owner);
    await this.vault.createKey({ tenant: policy.id, scope: 'credential', id: credential }, owner);
    return { user: owner, credential, verifier: secret(credential, verifier), policyRevision: policy.policyRevision };
  }

  /** Whether the password in force is the one that this command made. */
  isOf(context: CommandContext, owner: UserId, { password }: Credentials): boolean {
    return password?.credential === this.#credentialOf(context, owner);
  }

  #credentialOf(context: CommandContext, owner: UserId): CredentialId {
    return this.steps.id<CredentialId>(context, `credential:${owner}`);
  }

  /** As `check`, and not one of the last ones. */
  async checkChange(
    policy: TenantPolicy,
    state: Credentials,
    password: string,
    words: readonly string[],
    pointer: string,
  ): Promise<void> {
    const known = [...(state.password ? [state.password] : []), ...state.former].slice(
      0,
      policy.settings.password.history,
    );
    let reused = false;
    for (const { verifier } of known) {
      const opened = reveal(verifier);
      if (opened && (await this.hasher.verify(opened, password)).matches) reused = true;
    }
    await this.#check(policy, password, words, pointer, reused);
  }

  /** Destroys the keys of passwords that no rule needs any more: from then on nobody can read them in the log. */
  async shred(policy: TenantPolicy, state: Credentials): Promise<void> {
    const kept = Math.max(0, policy.settings.password.history - 1);
    for (const credential of [...state.former.slice(kept).map((one) => one.credential), ...state.superseded]) {
      await this.vault.destroyKey({ tenant: policy.id, scope: 'credential', id: credential });
    }
  }

  async #check(
    policy: TenantPolicy,
    password: string,
    words: readonly string[],
    pointer: string,
    reused: boolean,
  ): Promise<void> {
    const rules = policy.settings.password;
    const { blocked, score } = await this.strength.assess(rules, password, words);
    const violations = checkPassword(rules, password, { words }, { blocked, score, reused });
    if (violations.length === 0) return;
    throw new CommandRejected('invalid-fields', {
      fields: violations.map((violation) => fieldError(violation, pointer)),
    });
  }
}

/** Words that make a password easy to guess: the person's names and addresses and the tenant's name. */
export const contextWords = (
  tenantName: string,
  names: readonly (string | undefined)[],
  profile?: Profile,
): readonly string[] =>
  [
    'annal',
    tenantName,
    profile?.firstName,
    profile?.lastName,
    ...names,
    ...names.map((name) => name?.split('@')[0]),
  ].filter((word): word is string => word !== undefined && word !== '');

const sentences: {
  readonly [Code in PasswordViolation['code']]: (violation: Extract<PasswordViolation, { code: Code }>) => string;
} = {
  'password-not-text': () => 'The password contains characters that are no text.',
  'password-too-short': ({ minLength }) => `Use at least ${minLength} characters.`,
  'password-too-long': ({ maxLength }) => `Use at most ${maxLength} characters.`,
  'password-too-few-classes': ({ classes }) =>
    `Use at least ${classes} of: lower-case letters, capitals, digits, other characters.`,
  'password-contains-context-word': () => 'Leave out your name, your address and the name of this service.',
  'password-blocked': () => 'This password is on lists that attackers try first. Choose another.',
  'password-too-weak': () => 'This password is easy to guess. Make it longer or less predictable.',
  'password-reused': ({ history }) => `Choose one that is not among your last ${history} passwords.`,
};

function fieldError(violation: PasswordViolation, pointer: string): FieldError {
  const sentence = sentences[violation.code] as (violation: PasswordViolation) => string;
  return { pointer, code: violation.code, message: sentence(violation) };
}
