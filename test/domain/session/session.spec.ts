import { session, type SessionCommand, type SessionEvent } from '../../../src/domain/session/session.js';
import type { Origin } from '../../../src/domain/signin/signin.js';
import { type ClientId, type SessionId, trace, type UserId } from '../../../src/domain/values.js';
import { given } from '../../support/given.js';
import { after, day, start } from '../../support/moments.js';

const ada = 'ada' as UserId;
const bob = 'bob' as UserId;

const facts = {
  user: ada,
  session: 's1' as SessionId,
  client: 'annal' as ClientId,
  factors: ['pwd'],
  origin: trace<Origin>(start, { ip: '192.0.2.1', userAgent: 'Mozilla/5.0' }),
  epochs: { tenant: 0, user: 1, credentials: 2, client: 0 },
  expiresAt: after(day),
  at: start,
} as const;

const started: SessionEvent = { type: 'session.started', ...facts };
const ended: SessionEvent = { type: 'session.ended', user: ada, reason: 'signed-out', at: after(60) };
const end = (user: UserId): SessionCommand => ({ type: 'EndSession', user, reason: 'signed-out', at: after(60) });

describe('a session', () => {
  it('starts once, under the epochs it was made with', () => {
    given(session)
      .when({ type: 'StartSession', ...facts })
      .records(started)
      .leaves({ status: 'active', ...facts, authenticatedAt: start })
      .again()
      .rejects('session-exists');
  });

  it('does not start again after its end', () => {
    given(session, started, ended)
      .when({ type: 'StartSession', ...facts })
      .rejects('session-exists');
  });

  it('is ended once, and the first reason stays', () => {
    given(session, started)
      .when(end(ada))
      .records(ended)
      .leaves({ status: 'ended', ...facts, authenticatedAt: start, reason: 'signed-out', endedAt: after(60) })
      .again()
      .recordsNothing();
    given(session, started, ended)
      .when({ type: 'EndSession', user: ada, reason: 'refresh-token-reuse', at: after(90) })
      .recordsNothing()
      .leaves({ status: 'ended', ...facts, authenticatedAt: start, reason: 'signed-out', endedAt: after(60) });
  });

  it('goes on when the same person proves themself again', () => {
    const proof = { user: ada, session: facts.session, factors: ['pwd', 'otp'], at: after(30) } as const;
    given(session, started)
      .when({ type: 'ReauthenticateSession', ...proof })
      .records({ type: 'session.reauthenticated', ...proof })
      .leaves({ status: 'active', ...facts, factors: ['pwd', 'otp'], authenticatedAt: after(30) });
    given(session, started)
      .when({ type: 'ReauthenticateSession', ...proof, user: bob })
      .rejects('no-such-session');
    given(session, started, ended)
      .when({ type: 'ReauthenticateSession', ...proof })
      .rejects('no-such-session');
  });

  it('of another person looks like none: neither ended nor known to have ended (VC-12)', () => {
    given(session).when(end(ada)).rejects('no-such-session');
    given(session, started)
      .when(end(bob))
      .rejects('no-such-session')
      .leaves({ status: 'active', ...facts, authenticatedAt: start });
    given(session, started, ended).when(end(bob)).rejects('no-such-session');
  });

  it('that has ended does not come back, whatever the log says afterwards', () => {
    given(session, started, ended, { ...ended, reason: 'revoked', at: after(90) }).is({
      status: 'ended',
      authenticatedAt: start,
      ...facts,
      reason: 'signed-out',
      endedAt: after(60),
    });
    given(session, ended).is({ status: 'none' });
  });
});
