import { expect } from 'chai';
import fc from 'fast-check';
import { type Token, type TokenCommand, type TokenEvent, token } from '../../../src/domain/token/token.js';
import type { UserId } from '../../../src/domain/values.js';
import { agreesWithModel, type Model, type Verdict } from '../../support/model.js';
import { after, hour } from '../../support/moments.js';

/** A stamp, or none. */
class Stamp implements Model<TokenCommand, TokenEvent, never, string> {
  private expiresAt = '';

  run({ expiresAt }: TokenCommand): Verdict<never> {
    if (this.expiresAt !== '') return ['accepted', 0];
    this.expiresAt = expiresAt;
    return ['accepted', 1];
  }

  seen(): string {
    return this.expiresAt;
  }
}

describe('random access tokens', () => {
  agreesWithModel({
    aggregate: token,
    commands: fc.record(
      {
        type: fc.constant('RevokeToken' as const),
        user: fc.constant('ada' as UserId),
        expiresAt: fc.constantFrom(after(hour), after(2 * hour)),
      },
      { requiredKeys: ['type', 'expiresAt'] },
    ),
    model: () => new Stamp(),
    seen: (state: Token): string => (state.revoked ? (state.expiresAt ?? '') : ''),
    invariants: (before, next) => {
      if (before.revoked) expect(next.revoked).to.equal(true);
    },
  });
});
