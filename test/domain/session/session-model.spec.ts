import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Session,
  type SessionCommand,
  type SessionEnd,
  type SessionEvent,
  type SessionRejection,
  session,
} from '../../../src/domain/session/session.js';
import { type ClientId, plusSeconds, type SessionId, trace, type UserId } from '../../../src/domain/values.js';
import { agreesWithModel, type Model, type Timeless, type Verdict } from '../../support/model.js';
import { day, start } from '../../support/moments.js';

type Seen = { owner: string; end: SessionEnd | '' };

/** A visit: whose it is, and how it ended. */
class Visit implements Model<SessionCommand, SessionEvent, SessionRejection, Seen> {
  private owner = '';
  private end: SessionEnd | '' = '';

  run(command: SessionCommand): Verdict<SessionRejection> {
    if (command.type === 'StartSession') {
      if (this.owner !== '') return ['session-exists', 0];
      this.owner = command.user;
      return ['accepted', 1];
    }
    if (this.owner !== command.user) return ['no-such-session', 0];
    if (command.type === 'ReauthenticateSession') return this.end === '' ? ['accepted', 1] : ['no-such-session', 0];
    if (this.end !== '') return ['accepted', 0];
    this.end = command.reason;
    return ['accepted', 1];
  }

  seen(): Seen {
    return { owner: this.owner, end: this.end };
  }
}

const user = fc.constantFrom('ada' as UserId, 'bob' as UserId);
const commands: fc.Arbitrary<Timeless<SessionCommand>> = fc.oneof(
  fc.record({
    type: fc.constant('StartSession' as const),
    user,
    session: fc.constant('s1' as SessionId),
    client: fc.constant('annal' as ClientId),
    factors: fc.constant(['pwd']),
    origin: fc.constant(trace(start, { ip: '192.0.2.1', userAgent: 'x' })),
    epochs: fc.constant({ tenant: 0, user: 0, credentials: 0, client: 0 }),
    expiresAt: fc.constant(plusSeconds(start, day)),
  }),
  fc.record({
    type: fc.constant('ReauthenticateSession' as const),
    user,
    session: fc.constant('s1' as SessionId),
    factors: fc.constant(['pwd']),
  }),
  fc.record({
    type: fc.constant('EndSession' as const),
    user,
    reason: fc.constantFrom<SessionEnd>('signed-out', 'revoked', 'superseded', 'refresh-token-reuse'),
  }),
);

describe('random sessions', () => {
  agreesWithModel({
    aggregate: session,
    commands,
    model: () => new Visit(),
    seen: (state: Session): Seen => ({
      owner: state.status === 'none' ? '' : state.user,
      end: state.status === 'ended' ? state.reason : '',
    }),
    invariants: (before, next) => {
      if (before.status === 'ended') expect(next.status, 'what has ended stays so').to.equal('ended');
    },
  });
});
