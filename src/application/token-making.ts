import type { Json } from '../domain/json.js';
import type { SigningKey } from '../domain/signingkeys/signing-keys.js';
import { claimsOf } from '../domain/user/standard-claims.js';
import {
  type ClientId,
  type GrantId,
  type Instant,
  instant,
  type SessionId,
  type UserId,
  numericDate,
} from '../domain/values.js';
import type { Issuers } from './issuers.js';
import type { OpaqueTokens } from './opaque-tokens.js';
import type { ClaimExpressions } from './ports/claim-expressions.js';
import type { CommandContext } from './ports/event-log.js';
import type { TokenSigner } from './ports/token-signer.js';
import type { Profiles } from './profile.js';
import type { SigningKeyRing } from './signing-keys.js';
import type { TenantPolicy } from './tenants.js';
import type { AppliedPolicy, TokenPolicies } from './token-policies.js';

/** What is looked up before a token is made, so that it can be looked up together with something else. */
export type Recipe = AppliedPolicy & Readonly<{ key?: SigningKey }>;

/** What a token is to stand for. */
export type TokenContent = Readonly<{
  id: string;
  client: ClientId;
  scope: readonly string[];
  /** Behind whom a grant stands; a client that acts for itself has none. */
  /** Thumbprint of the key that it is bound to. */
  boundTo?: string;
  person?: Readonly<{ user: UserId; session: SessionId; grant: GrantId }>;
}>;

/** What follows from policy and time alone. */
export type TokenFrame = Readonly<{ expiresIn: number; expiresAt: Instant; audience: readonly string[] }>;

/** A claim with where its value comes from. */
export type ExplainedClaim = Readonly<{ name: string; value: Json; why: string }>;

/** Makes access tokens as the policy that applies says. */
export class TokenMaking {
  constructor(
    private readonly policies: TokenPolicies,
    private readonly keys: SigningKeyRing,
    private readonly opaque: OpaqueTokens,
    private readonly signer: TokenSigner,
    private readonly expressions: ClaimExpressions,
    private readonly profiles: Profiles,
    private readonly issuers: Issuers,
  ) {}

  async recipe({ tenant }: CommandContext, client: ClientId): Promise<Recipe> {
    const [applied, key] = await Promise.all([
      this.policies.applied(tenant, client),
      this.keys.current(tenant, 'ES256'),
    ]);
    return { ...applied, ...(key?.algorithm === applied.structure.algorithm && { key }) };
  }

  /** @throws CommandRejected no-signing-key */
  async make(context: CommandContext, policy: TenantPolicy, recipe: Recipe, content: TokenContent): Promise<string> {
    const { structure } = recipe;
    const { tenant } = context;
    if (structure.format === 'opaque') return this.opaque.make(tenant, content.id, structure.prefix);
    const [claims, key] = await Promise.all([
      this.explain(context, policy, recipe, content),
      recipe.key ?? this.keys.currentOrFirst(context, structure.algorithm),
    ]);
    const signed = await this.keys.sign(
      key,
      'at+jwt',
      Object.fromEntries(claims.map(({ name, value }) => [name, value])),
    );
    const { encryption } = structure;
    return encryption ? this.signer.encrypt(encryption, 'at+jwt', signed) : signed;
  }

  /** The claims of a signed token, in order. */
  async explain(
    context: CommandContext,
    policy: TenantPolicy,
    recipe: Recipe,
    content: TokenContent,
  ): Promise<readonly ExplainedClaim[]> {
    const { madeUnder } = recipe;
    const { id, client, scope, person, boundTo } = content;
    const { audience, expiresIn } = this.frame(context, policy, recipe);
    const iat = numericDate(context.at);
    const [only, ...more] = audience;
    const own: readonly (ExplainedClaim | false)[] = [
      { name: 'iss', value: this.issuers.of(policy.slug), why: 'the tenant' },
      { name: 'sub', value: person?.user ?? client, why: person ? 'the person' : 'the client acts for itself' },
      {
        name: 'aud',
        value: only !== undefined && more.length === 0 ? only : audience,
        why: 'the policy’s audience, else the issuer',
      },
      { name: 'client_id', value: client, why: 'who asked' },
      { name: 'jti', value: id, why: 'made for this token alone' },
      person !== undefined && { name: 'sid', value: person.session, why: 'the session' },
      person !== undefined && { name: 'gid', value: person.grant, why: 'the grant' },
      madeUnder !== undefined && {
        name: 'pol',
        value: `${madeUnder.policy}.${madeUnder.version}`,
        why: 'the version of the policy',
      },
      (person !== undefined || scope.length > 0) && { name: 'scope', value: scope.join(' '), why: 'what was granted' },
      boundTo !== undefined && { name: 'cnf', value: { jkt: boundTo }, why: 'the key that it was asked for with' },
      { name: 'iat', value: iat, why: 'now' },
      { name: 'exp', value: iat + expiresIn, why: 'the policy’s lifetime, else the tenant’s setting' },
    ];
    const mapped = await this.#mapped(context, policy, recipe, content);
    return [...own.filter((claim) => claim !== false), ...mapped];
  }

  async #mapped(
    { tenant }: CommandContext,
    policy: TenantPolicy,
    { structure }: Recipe,
    { client, scope, person }: TokenContent,
  ): Promise<readonly ExplainedClaim[]> {
    const mapping = Object.entries(structure.claims);
    if (mapping.length === 0) return [];
    const about = person && claimsOf((await this.profiles.view(tenant, person.user)).account, scope);
    const source = {
      client: { id: client },
      tenant: { id: tenant, slug: policy.slug },
      user: { ...(person && { id: person.user }), ...about },
      scope,
    };
    return mapping.flatMap(([name, expression]) => {
      const value = this.expressions.value(expression, source);
      return value === undefined ? [] : [{ name, value, why: expression }];
    });
  }

  frame({ at }: CommandContext, policy: TenantPolicy, { structure }: Recipe): TokenFrame {
    const { audience, lifetimeSeconds: expiresIn = policy.settings.tokens.accessSeconds } = structure;
    return {
      audience: audience.length > 0 ? audience : [this.issuers.of(policy.slug)],
      expiresIn,
      expiresAt: instant((numericDate(at) + expiresIn) * 1000),
    };
  }
}
