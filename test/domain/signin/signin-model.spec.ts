import fc from 'fast-check';
import { type SignIn, type SignInCommand, type SignInEvent, signIn } from '../../../src/domain/signin/signin.js';
import { type AttemptId, type ClientId, type SessionId, trace, type UserId } from '../../../src/domain/values.js';
import { agreesWithModel, type Model, type Verdict } from '../../support/model.js';
import { start } from '../../support/moments.js';

/** A line in a guest book is written once. */
class Line implements Model<SignInCommand, SignInEvent, 'attempt-recorded', SignIn> {
  private written = false;

  run(): Verdict<'attempt-recorded'> {
    if (this.written) return ['attempt-recorded', 0];
    this.written = true;
    return ['accepted', 1];
  }

  seen(): SignIn {
    return { status: this.written ? 'recorded' : 'none' };
  }
}

const attempt = fc.record({
  attempt: fc.constant('a1' as AttemptId),
  account: fc.constant('ada'),
  method: fc.constant('password' as const),
  identifier: fc.constantFrom('email', 'username', 'unknown'),
  client: fc.constant('annal' as ClientId),
  origin: fc.constant(trace(start, { ip: '192.0.2.1', userAgent: 'x' })),
  failuresBefore: fc.nat(9),
  policyRevision: fc.nat(3),
  at: fc.constant(start),
  user: fc.constant('ada' as UserId),
});
const verdict = fc.constantFrom(
  { type: 'signin.succeeded', session: 's1' as SessionId, factors: ['pwd'] } as const,
  { type: 'signin.failed', reason: 'wrong-password' } as const,
  { type: 'signin.refused', reason: 'locked' } as const,
);
const outcome: fc.Arbitrary<SignInEvent> = fc.tuple(attempt, verdict).map(([facts, said]) => ({ ...facts, ...said }));

describe('random sign-ins', () => {
  agreesWithModel({
    aggregate: signIn,
    commands: fc.record({ type: fc.constant('RecordSignIn' as const), outcome }),
    model: () => new Line(),
    seen: (state: SignIn): SignIn => state,
  });
});
