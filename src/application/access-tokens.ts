import {
  type MachineStanding,
  machineStanding,
  type Standing,
  type StandingFacts,
  standing,
} from '../domain/session/standing.js';
import { type PolicyRef, token as tokenStream } from '../domain/token/token.js';
import {
  type ClientId,
  type GrantId,
  type Instant,
  type SessionId,
  type TenantId,
  type UserId,
  numericDate,
} from '../domain/values.js';
import { isRecord } from '../domain/json.js';
import { milliseconds } from '../domain/values.js';
import type { Issuers } from './issuers.js';
import type { OpaqueTokens } from './opaque-tokens.js';
import type { CommandContext } from './ports/event-log.js';
import type { SecurityRows, TokenRows, TokenSubject } from './ports/security-rows.js';
import type { SigningKeyRing } from './signing-keys.js';
import type { Steps } from './steps.js';
import type { TenantPolicy } from './tenants.js';
import type { Recipe, TokenMaking } from './token-making.js';
import type { Transactor } from './transactor.js';

/** What any access token says. Times are NumericDates (seconds, RFC 7519 section 2). */
type Said = Readonly<{
  token: string;
  client: ClientId;
  /** `kid` of a signed token. */
  key?: string;
  scope: readonly string[];
  audience: readonly string[];
  madeUnder?: PolicyRef;
  /** Thumbprint of the key that whoever shows it must prove to have (RFC 9449 section 6). */
  boundTo?: string;
  issuedAt: number;
  expiresAt: number;
  issuer: string;
}>;

/** A token that a person's grant stands behind. */
export type PersonToken = Said & TokenSubject & Readonly<{ kind: 'person' }>;
/** A token with which a client acts for itself (RFC 6749 section 4.4). There is no person and no session behind it. */
export type MachineToken = Said & Readonly<{ kind: 'machine' }>;

/** A live access token, checked. */
export type AccessToken = (PersonToken & Readonly<{ administrator: boolean }>) | MachineToken;

/** What was presented: a signed token says what it is, an opaque one only which. */
export type PresentedToken = PersonToken | MachineToken | Readonly<{ kind: 'opaque'; token: string }>;

export type TokenFailure = 'malformed' | 'expired' | 'dead';
export type Judged = AccessToken | Readonly<{ failure: TokenFailure; why?: Standing | MachineStanding }>;

type TenantName = Readonly<{ id: TenantId; slug: string }>;

/** Access tokens: JWTs (RFC 9068), signed by the tenant's key, or opaque; alive only as long as what they stand on. */
export class AccessTokens {
  constructor(
    private readonly keys: SigningKeyRing,
    private readonly opaque: OpaqueTokens,
    private readonly rows: SecurityRows,
    private readonly issuers: Issuers,
    private readonly making: TokenMaking,
    private readonly transactor: Transactor,
    private readonly steps: Steps,
  ) {}

  /** What a token of the client is made by now. */
  recipe(context: CommandContext, client: ClientId): Promise<Recipe> {
    return this.making.recipe(context, client);
  }

  /**
   * The token of a person, by a grant. A signed one stands on the grant alone; an opaque one says nothing, so that what it stands for is
   * recorded. With `known`, where the caller has looked it up together with something else. @throws CommandRejected no-signing-key
   */
  async issue(
    context: CommandContext,
    policy: TenantPolicy,
    subject: TokenSubject & Readonly<{ boundTo?: string }>,
    scope: readonly string[],
    known?: Recipe,
  ): Promise<Readonly<{ accessToken: string; expiresIn: number }>> {
    const { client, token: id, boundTo, ...person } = subject;
    const bound = boundTo !== undefined && { boundTo };
    const recipe = known ?? (await this.recipe(context, client));
    const { expiresIn, expiresAt, audience } = this.making.frame(context, policy, recipe);
    const { structure, madeUnder } = recipe;
    const making = this.making.make(context, policy, recipe, { id, client, scope, person, ...bound });
    if (structure.format === 'jwt') return { accessToken: await making, expiresIn };
    const recording = this.transactor.transact(tokenStream, id, this.steps.of(context, 'access-token'), {
      type: 'IssueToken',
      kind: 'person',
      client,
      grant: subject.grant,
      user: subject.user,
      scope,
      audience,
      epochs: { tenant: policy.epoch },
      ...(madeUnder && { madeUnder }),
      ...bound,
      expiresAt,
      at: context.at,
    });
    const [accessToken] = await Promise.all([making, recording]);
    return { accessToken, expiresIn };
  }

  /** Checks form, signature, issuer, audience and times, then whether everything behind the token still stands. */
  async check(tenant: TenantName, token: string, at: Instant): Promise<Judged> {
    const presented = await this.read(tenant, token);
    if (!presented) return { failure: 'malformed' };
    const judged = this.judge(tenant, presented, await this.rows.token(tenant.id, presented), at);
    if ('failure' in judged) return judged;
    return judged.audience.includes(judged.issuer) ? judged : { failure: 'malformed' };
  }

  /** Whether a token that is ours is alive, by the rows that stand behind it. */
  judge(tenant: TenantName, presented: PresentedToken, rows: TokenRows, at: Instant): Judged {
    const said = this.said(tenant, presented, rows);
    if (!said) return { failure: 'dead', why: 'no-such-token' };
    if (said.expiresAt * 1000 <= milliseconds(at)) return { failure: 'expired' };
    const facts = this.concerning(rows.facts, said);
    const why = said.kind === 'machine' ? machineStanding(facts, at) : standing(facts, at);
    if (why !== 'alive') return { failure: 'dead', why };
    return said.kind === 'machine' ? said : { ...said, administrator: rows.administrator };
  }

  /** What a presented token says, or what its row says for it. */
  said(tenant: TenantName, presented: PresentedToken, rows: TokenRows): PersonToken | MachineToken | undefined {
    return presented.kind === 'opaque' ? this.#byRow(tenant, presented.token, rows) : presented;
  }

  /** The facts that are about this token; those that speak of another's count as missing. */
  concerning(facts: StandingFacts, said: PersonToken | MachineToken): StandingFacts {
    return said.kind === 'machine' ? ofClient(facts, said) : belonging(facts, said);
  }

  /** What a token of this tenant says whose signature or MAC is right, alive or not. */
  async read(tenant: TenantName, token: string): Promise<PresentedToken | undefined> {
    const id = await this.opaque.read(tenant.id, token);
    if (id !== undefined) return { kind: 'opaque', token: id };
    const verified = await this.keys.verify(tenant.id, 'at+jwt', token);
    if (!verified) return undefined;
    const { claims, key } = verified;
    const issuer = this.issuers.of(tenant.slug);
    const madeUnder = policyOf(claims['pol']);
    const audience = audienceOf(claims['aud']);
    if (claims['iss'] !== issuer || audience === undefined || madeUnder === 'malformed') return undefined;
    // Only a policy makes tokens for somebody else.
    if (!madeUnder && claims['aud'] !== issuer) return undefined;
    const text = (name: string): string | undefined => (typeof claims[name] === 'string' ? claims[name] : undefined);
    const { iat, exp } = claims;
    const [sub, client, token_] = [text('sub'), text('client_id'), text('jti')];
    if (sub === undefined || client === undefined || token_ === undefined) return undefined;
    if (typeof iat !== 'number' || typeof exp !== 'number') return undefined;
    const scope = (text('scope') ?? '').split(' ').filter((one) => one !== '');
    const times = { issuedAt: iat, expiresAt: exp };
    const boundTo = keyOf(claims['cnf']);
    if (boundTo === 'malformed') return undefined;
    const bound = boundTo !== undefined && { boundTo };
    const made = { ...(madeUnder && { madeUnder }), ...bound, audience, issuer };
    const said = { token: token_, client: client as ClientId, key, scope, ...times, ...made };
    const [session, grant] = [text('sid'), text('gid')];
    // "In cases … such as the client credentials grant, the value of 'sub' SHOULD correspond to an identifier the authorization server uses
    // to indicate the client application" (RFC 9068 section 2.2).
    if (claims['sid'] === undefined && claims['gid'] === undefined) {
      return sub === client ? { kind: 'machine', ...said } : undefined;
    }
    if (session === undefined || grant === undefined) return undefined;
    return { kind: 'person', ...said, user: sub as UserId, session: session as SessionId, grant: grant as GrantId };
  }

  /** What an opaque token would say. */
  #byRow(tenant: TenantName, token: string, { token: row, owner }: TokenRows): PersonToken | MachineToken | undefined {
    if (!row) return undefined;
    const said = {
      token,
      client: row.client,
      scope: row.scope,
      audience: row.audience,
      ...(row.madeUnder && { madeUnder: row.madeUnder }),
      ...(row.boundTo !== undefined && { boundTo: row.boundTo }),
      issuedAt: numericDate(row.issuedAt),
      expiresAt: numericDate(row.expiresAt),
      issuer: this.issuers.of(tenant.slug),
    };
    if (row.kind === 'machine') return { kind: 'machine', ...said };
    return row.grant && owner && { kind: 'person', ...said, grant: row.grant, ...owner };
  }
}

const policyForm = /^([0-9a-f-]{36})\.([1-9]\d{0,5})$/;

/** The claim `pol`: the version of the policy that a token was made under. */
function policyOf(claim: unknown): PolicyRef | 'malformed' | undefined {
  if (claim === undefined) return undefined;
  const [, policy, version] = policyForm.exec(typeof claim === 'string' ? claim : '') ?? [];
  return policy === undefined ? 'malformed' : { policy, version: Number(version) };
}

/** The claim `cnf` (RFC 7800): the one key that the token is bound to. */
function keyOf(claim: unknown): string | undefined {
  if (claim === undefined) return undefined;
  const thumbprint = isRecord(claim) ? claim['jkt'] : undefined;
  return typeof thumbprint === 'string' ? thumbprint : 'malformed';
}

/** "a single case-sensitive string" or "an array" of them (RFC 7519 section 4.1.3). */
function audienceOf(claim: unknown): readonly string[] | undefined {
  const list: unknown = typeof claim === 'string' ? [claim] : claim;
  return Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === 'string') ? list : undefined;
}

/** Rows that speak of another person, session or client than the token does count as missing. */
const belonging = (facts: StandingFacts, token: TokenSubject): StandingFacts => {
  const { session, grant, ...rest } = facts;
  const own = session?.user === token.user && grant?.session === token.session && grant.client === token.client;
  return own ? facts : rest;
};

/** The same for a token that a client has for itself. */
const ofClient = (facts: StandingFacts, { client }: MachineToken): StandingFacts => {
  const { token, ...rest } = facts;
  return token?.client === client ? facts : rest;
};
