import { expect } from 'chai';
import type { ClaimSource } from '../../src/application/ports/claim-expressions.js';
import { CelClaimExpressions } from '../../src/infrastructure/cel-claim-expressions.js';

const source: ClaimSource = {
  client: { id: 'shop' },
  tenant: { id: 't1', slug: 'default' },
  user: { id: 'ada', email: 'ada@example.com' },
  scope: ['openid', 'orders:read'],
};

describe('expressions for claims', () => {
  const expressions = new CelClaimExpressions();
  const value = (expression: string) => expressions.value(expression, source);

  it('give values of JSON', () => {
    const values: Readonly<Record<string, unknown>> = {
      'user.email': 'ada@example.com',
      'has(user.phone_number) ? user.phone_number : "none"': 'none',
      'scope.filter(s, s.startsWith("orders:"))': ['orders:read'],
      '{"tenant": tenant.slug, "scopes": size(scope)}': { tenant: 'default', scopes: 2 },
      '1 + 1': 2,
      'client.id == "shop"': true,
      null: null,
    };
    for (const [expression, expected] of Object.entries(values)) {
      expect(expressions.problem(expression), expression).to.equal(undefined);
      expect(value(expression), expression).to.deep.equal(expected);
    }
  });

  it('give nothing where what they ask for is not there, is no JSON, or is too long', () => {
    expect(value('user.phone_number')).to.equal(undefined);
    expect(value('b"bytes"')).to.equal(undefined);
    expect(value('9223372036854775807')).to.equal(undefined);
    expect(expressions.value('user.name', { ...source, user: { name: 'x'.repeat(3_000) } })).to.equal(undefined);
  });

  it('are refused where they could cost more than what they are given is long, or mean nothing', () => {
    const refused = [
      'user.email.matches("(a+)+$")',
      'cel.bind(x, "aa", cel.bind(y, x + x, y + y))',
      'scope.map(a, scope.map(b, a + b))',
      'timestamp("2026-01-01T00:00:00Z")',
      'process.env',
      'user.email +',
      '',
      '('.repeat(50) + ')'.repeat(50),
      'scope + '.repeat(200) + 'scope',
      `"${'x'.repeat(1_000)}"`,
    ];
    for (const expression of refused) {
      expect(expressions.problem(expression), expression.slice(0, 60)).to.be.a('string');
      expect(value(expression), expression.slice(0, 60)).to.equal(undefined);
    }
  });

  it('reach nothing of the program', () => {
    for (const expression of [
      'user.constructor',
      'user.__proto__',
      'scope.constructor',
      '"".constructor',
      'client.toString',
    ]) {
      expect(value(expression), expression).to.equal(undefined);
    }
  });
});
