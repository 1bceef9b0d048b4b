import { type Origin, signIn, type SignInEvent } from '../../../src/domain/signin/signin.js';
import { type AttemptId, type ClientId, type SessionId, trace, type UserId } from '../../../src/domain/values.js';
import { given } from '../../support/given.js';
import { after, start } from '../../support/moments.js';

const user = 'ada' as UserId;
const attempt = {
  attempt: 'a1' as AttemptId,
  account: user,
  method: 'password',
  identifier: 'email',
  client: 'annal' as ClientId,
  origin: trace<Origin>(start, { ip: '192.0.2.1', userAgent: 'Mozilla/5.0' }),
  failuresBefore: 0,
  policyRevision: 3,
  at: start,
} as const;

const succeeded: SignInEvent = {
  type: 'signin.succeeded',
  ...attempt,
  user,
  session: 's1' as SessionId,
  factors: ['pwd'],
};
const failed: SignInEvent = { type: 'signin.failed', ...attempt, user, reason: 'wrong-password' };
const refused: SignInEvent = { type: 'signin.refused', ...attempt, user, reason: 'locked', retryAt: after(30) };

describe('an attempt to sign in', () => {
  for (const outcome of [succeeded, failed, refused]) {
    it(`is recorded once as ${outcome.type}`, () => {
      given(signIn)
        .when({ type: 'RecordSignIn', outcome })
        .records(outcome)
        .leaves({ status: 'recorded' })
        .again()
        .rejects('attempt-recorded');
    });

    it(`has no second outcome after ${outcome.type}`, () => {
      for (const other of [succeeded, failed, refused]) {
        given(signIn, outcome).when({ type: 'RecordSignIn', outcome: other }).rejects('attempt-recorded');
      }
    });
  }
});
