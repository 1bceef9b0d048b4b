import { expect } from 'chai';
import fc from 'fast-check';
import { type Token, type TokenCommand, type TokenEvent, token } from '../../../src/domain/token/token.js';
import type { ClientId, UserId } from '../../../src/domain/values.js';
import { agreesWithModel, type Model, type Verdict } from '../../support/model.js';
import { after, hour } from '../../support/moments.js';

/** A ticket, which may be stamped, also before it is printed. */
class Ticket implements Model<TokenCommand, TokenEvent, never, string> {
  private printed = false;
  private stamp = '';

  run({ type, expiresAt }: TokenCommand): Verdict<never> {
    if (this.stamp !== '' || (type === 'IssueToken' && this.printed)) return ['accepted', 0];
    if (type === 'IssueToken') this.printed = true;
    else this.stamp = expiresAt;
    return ['accepted', 1];
  }

  seen(): string {
    return `${this.printed} ${this.stamp}`;
  }
}

const expiresAt = fc.constantFrom(after(hour), after(2 * hour));

describe('random access tokens', () => {
  agreesWithModel({
    aggregate: token,
    commands: fc.oneof(
      fc.record(
        { type: fc.constant('RevokeToken' as const), user: fc.constant('ada' as UserId), expiresAt },
        { requiredKeys: ['type', 'expiresAt'] },
      ),
      fc.record({
        type: fc.constant('IssueToken' as const),
        kind: fc.constantFrom('machine', 'person'),
        client: fc.constant('orders' as ClientId),
        scope: fc.constant([]),
        audience: fc.constant([]),
        epochs: fc.record({ tenant: fc.nat(3), client: fc.nat(3) }),
        expiresAt,
      }),
    ),
    model: () => new Ticket(),
    seen: ({ issued, revoked, expiresAt: end }: Token): string =>
      `${issued !== undefined} ${revoked ? (end ?? '') : ''}`,
    invariants: (before, next) => {
      if (before.revoked) expect(next.revoked).to.equal(true);
    },
  });
});
