import { type Aggregate, accept, type Catalogue, type Decision, type Message, reject } from '../decider.js';
import type { Instant } from '../values.js';
import { type StructureRefusal, structureRefusal, type TokenStructure } from './structure.js';
import type { TokenCheck } from './validation.js';

/** One version of a policy. Whatever was made under it stays good until `endsAt`, where there is one. */
export type PolicyVersion = Readonly<{
  version: number;
  name: string;
  structure: TokenStructure;
  /** The checks of the validate endpoint, in order. */
  validation: readonly TokenCheck[];
  endsAt?: Instant;
  at: Instant;
}>;

/** Whom a policy applies to: `tenant`, `client:<id>` or `resource:<audience>`. The narrowest applies. */
export type PolicyTarget = 'tenant' | `client:${string}` | `resource:${string}`;

type Defined = {
  policy: string;
  name: string;
  structure: TokenStructure;
  validation: readonly TokenCheck[];
  /** When tokens of older versions end; by themselves where nothing is said. */
  olderUntil?: Instant;
  at: Instant;
};

/* The token policies of a tenant, all in one stream, so that one look finds the one that applies. Names are stored for ever. */
export type TokenPolicyEvent =
  | Message<'token-policy.defined', Defined & { version: number }>
  /** None takes the assignment away. */
  | Message<'token-policy.assigned', { target: PolicyTarget; policy?: string; at: Instant }>;

export type TokenPolicies = Readonly<{
  /** The newest version last. */
  policies: Readonly<Record<string, readonly PolicyVersion[]>>;
  assignments: Readonly<Record<string, string>>;
}>;

export type TokenPolicyCommand =
  /** A new policy, or the next version of one. */
  | Message<'DefineTokenPolicy', Defined & { isNew: boolean }>
  | Message<'AssignTokenPolicy', { target: PolicyTarget; policy?: string; at: Instant }>;

export type TokenPolicyRejection = 'no-such-token-policy' | 'too-many-token-policies' | StructureRefusal;

const mostPolicies = 100;
const mostVersions = 200;
const mostAssignments = 1_000;

export const versionsOf = (state: TokenPolicies, policy: string): readonly PolicyVersion[] =>
  Object.hasOwn(state.policies, policy) ? (state.policies[policy] ?? []) : [];

type Decided = Decision<TokenPolicyEvent, TokenPolicyRejection>;
type Define = Extract<TokenPolicyCommand, { type: 'DefineTokenPolicy' }>;

function define(state: TokenPolicies, { type: _, isNew, ...defined }: Define): Decided {
  const versions = versionsOf(state, defined.policy);
  if (!isNew && versions.length === 0) return reject('no-such-token-policy');
  if (isNew && versions.length > 0) return accept();
  const refusal = structureRefusal(defined.structure);
  if (refusal) return reject(refusal);
  const isFull = isNew ? Object.keys(state.policies).length >= mostPolicies : versions.length >= mostVersions;
  if (isFull) return reject('too-many-token-policies');

  return accept({ type: 'token-policy.defined', ...defined, version: versions.length + 1 });
}

function assign(
  state: TokenPolicies,
  { target, policy, at }: Extract<TokenPolicyCommand, { type: 'AssignTokenPolicy' }>,
): Decided {
  const current = Object.hasOwn(state.assignments, target) ? state.assignments[target] : undefined;
  if (policy !== undefined && versionsOf(state, policy).length === 0) return reject('no-such-token-policy');
  if (current === policy) return accept();
  if (policy === undefined) return accept({ type: 'token-policy.assigned', target, at });
  if (Object.keys(state.assignments).length >= mostAssignments) return reject('too-many-token-policies');

  return accept({ type: 'token-policy.assigned', target, policy, at });
}

const events: Catalogue<TokenPolicyEvent> = {
  'token-policy.defined': { version: 1, retention: 'permanent' },
  'token-policy.assigned': { version: 1, retention: 'permanent' },
};

/** An earlier end stays: what was to end is not brought back by a later version. */
const ending = (older: PolicyVersion, until: Instant | undefined): PolicyVersion =>
  until === undefined || (older.endsAt !== undefined && older.endsAt <= until) ? older : { ...older, endsAt: until };

export const tokenPolicies: Aggregate<TokenPolicies, TokenPolicyCommand, TokenPolicyEvent, TokenPolicyRejection> = {
  category: 'tokenpolicy',
  schema: 1,
  initial: { policies: {}, assignments: {} },
  events,
  decide: { DefineTokenPolicy: define, AssignTokenPolicy: assign },
  evolve: {
    'token-policy.defined': (state, { type: _, policy, olderUntil, ...made }) => ({
      ...state,
      policies: {
        ...state.policies,
        [policy]: [...versionsOf(state, policy).map((one) => ending(one, olderUntil)), made],
      },
    }),
    'token-policy.assigned': (state, { target, policy }) => {
      const { [target]: _, ...others } = state.assignments;
      return { ...state, assignments: policy === undefined ? others : { ...others, [target]: policy } };
    },
  },
};

/** The policy that applies: the resource's, else the client's, else the tenant's. */
export function applicable(
  { assignments }: TokenPolicies,
  client: string,
  resource: string | undefined,
): string | undefined {
  const targets = [...(resource === undefined ? [] : [`resource:${resource}`]), `client:${client}`, 'tenant'];
  const found = targets.find((target) => Object.hasOwn(assignments, target));

  return found === undefined ? undefined : assignments[found];
}
