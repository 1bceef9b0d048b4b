import { builtInStructure, type TokenStructure } from '../domain/token-policy/structure.js';
import {
  applicable,
  type PolicyTarget,
  type PolicyVersion,
  tokenPolicies,
  type TokenPolicies as State,
  versionsOf,
} from '../domain/token-policy/token-policy.js';
import { type TokenCheck, tokenChecks } from '../domain/token-policy/validation.js';
import type { PolicyRef } from '../domain/token/token.js';
import type { ClientId, Instant, TenantId } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { ClaimExpressions } from './ports/claim-expressions.js';
import type { CommandContext, Position } from './ports/event-log.js';
import type { TokenSigner } from './ports/token-signer.js';
import type { Steps } from './steps.js';
import type { Transactor } from './transactor.js';

export type PolicyContent = Readonly<{
  name: string;
  structure: TokenStructure;
  validation: readonly TokenCheck[];
  olderUntil?: Instant;
}>;

/** What applies to a token that is to be made. */
export type AppliedPolicy = Readonly<{ structure: TokenStructure; madeUnder?: PolicyRef }>;

export type DefinedPolicy = Readonly<{ policy: string; version: number; position?: Position }>;

/** What a tenant decides about its access tokens, by version, and which of it applies. */
export class TokenPolicies {
  constructor(
    private readonly transactor: Transactor,
    private readonly expressions: ClaimExpressions,
    private readonly signer: TokenSigner,
    private readonly steps: Steps,
  ) {}

  async all(tenant: TenantId): Promise<State> {
    return (await this.transactor.load(tokenPolicies, tenant, tenant)).state;
  }

  /** Every version, the newest last. @throws CommandRejected no-such-token-policy */
  async versions(tenant: TenantId, policy: string): Promise<readonly PolicyVersion[]> {
    const versions = versionsOf(await this.all(tenant), policy);
    if (versions.length === 0) throw new CommandRejected('no-such-token-policy');
    return versions;
  }

  async applied(tenant: TenantId, client: ClientId, resource?: string): Promise<AppliedPolicy> {
    const state = await this.all(tenant);
    const policy = applicable(state, client, resource);
    return policy === undefined ? { structure: builtInStructure } : newest(policy, versionsOf(state, policy));
  }

  /** The newest version, whomever it applies to. @throws CommandRejected no-such-token-policy */
  async newest(tenant: TenantId, policy: string): Promise<AppliedPolicy> {
    return newest(policy, await this.versions(tenant, policy));
  }

  /** The checks of the version that a token was made under. */
  async checksOf(tenant: TenantId, madeUnder: PolicyRef | undefined): Promise<readonly TokenCheck[]> {
    if (!madeUnder) return tokenChecks;
    const versions = versionsOf(await this.all(tenant), madeUnder.policy);
    return versions.find(({ version }) => version === madeUnder.version)?.validation ?? tokenChecks;
  }

  /** A new policy, or with `policy` its next version. @throws CommandRejected no-such-token-policy, invalid-fields */
  async define(context: CommandContext, content: PolicyContent, policy?: string): Promise<DefinedPolicy> {
    const fields = Object.entries(content.structure.claims).flatMap(([name, expression]) => {
      const problem = this.expressions.problem(expression);
      return problem === undefined
        ? []
        : [{ pointer: `/structure/claims/${name}`, code: 'not-an-expression', message: problem }];
    });
    if (!(await this.#canEncrypt(content.structure))) {
      fields.push({ pointer: '/structure/encryption/key', code: 'unusable-key', message: 'cannot be encrypted for' });
    }
    if (fields.length > 0) throw new CommandRejected('invalid-fields', { fields });
    const { tenant, at } = context;
    const id = policy ?? this.steps.id<string>(context, 'token-policy');
    const isNew = policy === undefined;
    const { state, position } = await this.transactor.transact(tokenPolicies, tenant, context, {
      type: 'DefineTokenPolicy',
      policy: id,
      isNew,
      ...content,
      at,
    });
    return { policy: id, version: versionsOf(state, id).length, ...(position && { position }) };
  }

  /** A key that cannot be used is better found out now than by whoever asks for a token. */
  async #canEncrypt({ encryption }: TokenStructure): Promise<boolean> {
    if (!encryption) return true;
    return this.signer.encrypt(encryption, 'at+jwt', 'x').then(
      () => true,
      () => false,
    );
  }

  /** @throws CommandRejected no-such-token-policy */
  async assign(context: CommandContext, target: PolicyTarget, policy?: string): Promise<Position | undefined> {
    const { tenant, at } = context;
    const { position } = await this.transactor.transact(tokenPolicies, tenant, context, {
      type: 'AssignTokenPolicy',
      target,
      ...(policy !== undefined && { policy }),
      at,
    });
    return position;
  }
}

function newest(policy: string, versions: readonly PolicyVersion[]): AppliedPolicy {
  const last = versions.at(-1);
  if (!last) throw new CommandRejected('no-such-token-policy');
  return { structure: last.structure, madeUnder: { policy, version: last.version } };
}
