import { CommandRejected } from '../../application/command-rejected.js';
import { parseScope } from '../../domain/authorization/scopes.js';
import { builtInStructure } from '../../domain/token-policy/structure.js';
import type { PolicyTarget } from '../../domain/token-policy/token-policy.js';
import { tokenChecks } from '../../domain/token-policy/validation.js';
import type { ClientId, UserId } from '../../domain/values.js';
import { empty, type JsonSchema, jsonSchema } from '../answer/responses.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';
import {
  AssignmentBody,
  contentOf,
  DryRunBody,
  TokenPolicyBody,
  TokenPolicyVersionBody,
} from './token-policy-bodies.js';

type Needed = Pick<Services, 'tokenPolicies'>;

const id = '0199b000-0000-5000-8000-00000000000f';
const example: TokenPolicyBody = {
  name: 'Orders',
  structure: { algorithm: 'PS256', lifetimeSeconds: 120, claims: { mail: 'user.email' } },
};
const versionExample = {
  version: 1,
  name: 'Orders',
  structure: { ...builtInStructure, lifetimeSeconds: 120, claims: { mail: 'user.email' } },
  validation: tokenChecks,
  at: '2026-09-01T08:00:00.000Z',
};
const version = { type: 'object', required: ['version', 'name', 'structure', 'validation', 'at'] };
const object = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});
const defined = object({ policy: { type: 'string' }, version: { type: 'integer' } });

const tag = 'tokens';
const contentProblems = [
  'invalid-fields',
  'reserved-claim',
  'opaque-token-says-nothing',
  'token-lives-too-long',
  'prefix-taken',
  'too-many-token-policies',
] as const;

/** @throws CommandRejected invalid-fields where both are named */
function targetOf({ client, resource }: AssignmentBody): PolicyTarget {
  if (client !== undefined && resource !== undefined) {
    const fields = [{ pointer: '/resource', code: 'invalid', message: 'cannot be named together with a client' }];
    throw new CommandRejected('invalid-fields', { fields });
  }
  if (client !== undefined) return `client:${client}`;
  return resource === undefined ? 'tenant' : `resource:${resource}`;
}

export const tokenPolicyRoutes = [
  route({
    id: 'listTokenPolicies',
    method: 'get',
    path: '/t/:tenant/api/v1/token-policies',
    summary: 'List the token policies',
    description:
      'The newest version of each, and whom they are assigned to. What is built in applies to everybody else.',
    tag,
    access: 'tenant-admin',
    responses: {
      200: jsonSchema<object>(
        object({
          builtIn: { type: 'object' },
          policies: { type: 'array', items: object({ policy: { type: 'string' }, newest: version }) },
          assignments: { type: 'object', additionalProperties: { type: 'string' } },
        }),
        'The policies.',
        {
          builtIn: builtInStructure,
          policies: [{ policy: id, newest: versionExample }],
          assignments: { tenant: id },
        },
      ),
    },
    handler:
      ({ tokenPolicies }: Needed) =>
      async ({ tenant }) => {
        const { policies, assignments } = await tokenPolicies.all(tenant.id);
        const list = Object.entries(policies).map(([policy, versions]) => ({ policy, newest: versions.at(-1) }));
        return { status: 200, body: { builtIn: builtInStructure, policies: list, assignments } };
      },
  }),
  route({
    id: 'readTokenPolicy',
    method: 'get',
    path: '/t/:tenant/api/v1/token-policies/:policy',
    summary: 'Read every version of a token policy',
    tag,
    access: 'tenant-admin',
    responses: {
      200: jsonSchema<object>(object({ versions: { type: 'array', items: version } }), 'The newest last.', {
        versions: [versionExample],
      }),
    },
    problems: ['no-such-token-policy'],
    handler:
      ({ tokenPolicies }: Needed) =>
      async ({ tenant, params }) => ({
        status: 200,
        body: { versions: await tokenPolicies.versions(tenant.id, params.policy) },
      }),
  }),
  route({
    id: 'createTokenPolicy',
    method: 'post',
    path: '/t/:tenant/api/v1/token-policies',
    summary: 'Create a token policy',
    description: 'It applies to nobody until it is assigned.',
    tag,
    access: 'tenant-admin',
    idempotent: true,
    body: accepts(TokenPolicyBody, example),
    responses: { 201: jsonSchema<object>(defined, 'The policy.', { policy: id, version: 1 }) },
    problems: contentProblems,
    handler:
      ({ tokenPolicies }: Needed) =>
      async ({ context, body }) => {
        const { position, ...made } = await tokenPolicies.define(context, contentOf(body));
        return { status: 201, body: made, position };
      },
  }),
  route({
    id: 'changeTokenPolicy',
    method: 'put',
    path: '/t/:tenant/api/v1/token-policies/:policy',
    summary: 'Put the next version of a token policy in force',
    description:
      'Tokens are made by it from now on. Those of older versions stay good until they end by themselves, or until `olderUntil`.',
    tag,
    access: 'tenant-admin',
    idempotent: true,
    body: accepts(TokenPolicyVersionBody, { ...example, olderUntil: '2026-10-01T00:00:00Z' }),
    responses: { 200: jsonSchema<object>(defined, 'The version.', { policy: id, version: 2 }) },
    problems: ['no-such-token-policy', ...contentProblems],
    handler:
      ({ tokenPolicies }: Needed) =>
      async ({ context, body, params }) => {
        const { position, ...made } = await tokenPolicies.define(context, contentOf(body), params.policy);
        return { status: 200, body: made, position };
      },
  }),
  route({
    id: 'assignTokenPolicy',
    method: 'put',
    path: '/t/:tenant/api/v1/token-policy-assignments',
    summary: 'Say whom a token policy applies to',
    description: 'To a resource, a client or the whole tenant; the narrowest applies.',
    tag,
    access: 'tenant-admin',
    idempotent: true,
    body: accepts(AssignmentBody, { client: '0199b000-0000-5000-8000-00000000000c', policy: id }),
    responses: { 204: empty('It applies to every token from now on.') },
    problems: ['invalid-fields', 'no-such-token-policy', 'too-many-token-policies'],
    handler:
      ({ tokenPolicies }: Needed) =>
      async ({ context, body }) => {
        const position = await tokenPolicies.assign(context, targetOf(body), body.policy);
        return { status: 204, position };
      },
  }),
  route({
    id: 'dryRunTokenPolicy',
    method: 'post',
    path: '/t/:tenant/api/v1/token-policies/:policy/dry-run',
    summary: 'Show what a token would say under a policy',
    description: 'Every claim of the newest version with the reason why it is there. Nothing is signed.',
    tag,
    access: 'tenant-admin',
    body: accepts(DryRunBody, { client: '0199b000-0000-5000-8000-00000000000c', scope: 'openid email', user: id }),
    responses: {
      200: jsonSchema<object>(
        object({
          claims: {
            type: 'array',
            items: object({ name: { type: 'string' }, value: {}, why: { type: 'string' } }),
          },
        }),
        'The claims, in order.',
        { claims: [{ name: 'mail', value: 'ada@example.com', why: 'user.email' }] },
      ),
    },
    problems: ['no-such-token-policy', 'unknown-client', 'no-such-user', 'invalid-scope'],
    handler:
      ({ tokenDryRun }: Pick<Services, 'tokenDryRun'>) =>
      async ({ context, body, params }) => {
        const scope = parseScope(body.scope ?? '');
        if (!scope) throw new CommandRejected('invalid-scope');
        const { client, user } = body;
        const claims = await tokenDryRun.run(context, params.policy, {
          client: client as ClientId,
          scope,
          ...(user !== undefined && { user: user as UserId }),
        });
        return { status: 200, body: { claims } };
      },
  }),
];
