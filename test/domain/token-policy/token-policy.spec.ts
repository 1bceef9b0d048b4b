import { expect } from 'chai';
import { builtInStructure } from '../../../src/domain/token-policy/structure.js';
import {
  applicable,
  tokenPolicies,
  type TokenPolicyCommand,
  type TokenPolicyEvent,
} from '../../../src/domain/token-policy/token-policy.js';
import { given } from '../../support/given.js';
import { after, start } from '../../support/moments.js';

const content = { name: 'Orders', structure: builtInStructure, validation: ['format'] as const };
const define = (
  more: Partial<Extract<TokenPolicyCommand, { type: 'DefineTokenPolicy' }>> = {},
): TokenPolicyCommand => ({
  type: 'DefineTokenPolicy',
  policy: 'p',
  isNew: false,
  ...content,
  at: start,
  ...more,
});
const defined = (version: number, more: object = {}): TokenPolicyEvent => ({
  type: 'token-policy.defined',
  policy: 'p',
  ...content,
  version,
  at: start,
  ...more,
});
const one = (version: number, more: object = {}) => ({ version, ...content, at: start, ...more });

describe('the token policies of a tenant', () => {
  it('begin with version 1 and go on by one', () => {
    given(tokenPolicies)
      .when(define({ isNew: true }))
      .records(defined(1))
      .again()
      .recordsNothing();
    given(tokenPolicies, defined(1))
      .when(define())
      .records(defined(2))
      .leaves({ policies: { p: [one(1), one(2)] }, assignments: {} });
  });

  it('end what is older when a new version says so, and no earlier end is put off', () => {
    given(tokenPolicies, defined(1), defined(2, { olderUntil: after(60) }))
      .when(define({ olderUntil: after(90) }))
      .records(defined(3, { olderUntil: after(90) }))
      .leaves({
        policies: { p: [one(1, { endsAt: after(60) }), one(2, { endsAt: after(90) }), one(3)] },
        assignments: {},
      });
  });

  it('are changed only where there is one', () => {
    given(tokenPolicies).when(define()).rejects('no-such-token-policy');
    for (const policy of ['constructor', '__proto__']) {
      given(tokenPolicies, defined(1)).when(define({ policy })).rejects('no-such-token-policy');
    }
  });

  it('fit together', () => {
    const structures = [
      [{ claims: { sub: '1' } }, 'reserved-claim'],
      [{ format: 'opaque', claims: { a: '1' } }, 'opaque-token-says-nothing'],
      [{ lifetimeSeconds: 86_401 }, 'token-lives-too-long'],
      [{ format: 'opaque', lifetimeSeconds: 366 * 86_400 }, 'token-lives-too-long'],
      [{ prefix: 'annal_rt' }, 'prefix-taken'],
    ] as const;
    for (const [changed, refusal] of structures) {
      given(tokenPolicies)
        .when(define({ isNew: true, structure: { ...builtInStructure, ...changed } }))
        .rejects(refusal);
    }
  });

  it('are assigned, replaced and taken away; the narrowest applies', () => {
    const assigned = (target: 'tenant' | `client:${string}` | `resource:${string}`, policy?: string) =>
      ({ type: 'token-policy.assigned', target, ...(policy && { policy }), at: start }) as const;
    given(tokenPolicies, defined(1))
      .when({ type: 'AssignTokenPolicy', target: 'tenant', policy: 'p', at: start })
      .records(assigned('tenant', 'p'))
      .again()
      .recordsNothing();
    given(tokenPolicies, defined(1), assigned('tenant', 'p'))
      .when({ type: 'AssignTokenPolicy', target: 'tenant', at: start })
      .records(assigned('tenant'))
      .leaves({ policies: { p: [one(1)] }, assignments: {} });
    given(tokenPolicies)
      .when({ type: 'AssignTokenPolicy', target: 'tenant', policy: 'p', at: start })
      .rejects('no-such-token-policy');

    const state = { policies: {}, assignments: { tenant: 't', 'client:shop': 'c', 'resource:r': 'r' } };
    expect(applicable(state, 'shop', 'r')).to.equal('r');
    expect(applicable(state, 'shop', undefined)).to.equal('c');
    expect(applicable(state, 'other', 'elsewhere')).to.equal('t');
    expect(applicable({ ...state, assignments: {} }, 'constructor', undefined)).to.equal(undefined);
  });
});
