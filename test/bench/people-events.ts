import { randomUUID } from 'node:crypto';
import type { Message } from '../../src/domain/decider.js';
import { firstPartyClient } from '../../src/domain/client/client.js';
import type { Origin } from '../../src/domain/signin/signin.js';
import type { AnyEvent } from '../../src/domain/catalogue.js';
import {
  type AttemptId,
  type ClaimId,
  type CredentialId,
  type DeviceId,
  type Instant,
  instant,
  milliseconds,
  personal,
  plusSeconds,
  secret,
  type SessionId,
  trace,
  type UserId,
} from '../../src/domain/values.js';

/** What is appended to one stream, from its beginning. */
export type Stretch = Readonly<{ category: string; id: string; events: readonly Message[] }>;
export type Life = Readonly<{ user: UserId; credential: CredentialId; stretches: readonly Stretch[] }>;

const signIns = 11;
/** Events of one person. */
export const lifeLength = 6 + signIns * 4;
const beginning = instant(Date.UTC(2026, 0, 1));
const epochs = { tenant: 1, user: 1, credentials: 1, client: 0 };
const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** The events of a person who registers and comes back now and then. */
export function lifeOf(number: number): Life {
  const user = randomUUID() as UserId;
  const credential = randomUUID() as CredentialId;
  const claim = `email.${user.replaceAll('-', '')}` as ClaimId;
  const at = plusSeconds(beginning, number % 2_000_000);
  const origin: Origin = { ip: '192.0.2.10', userAgent: agent, browser: 'Firefox', operatingSystem: 'Linux' };
  const verifier = { phc: `$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$${'a'.repeat(43)}`, pepper: '1' };
  const about = { user, at } as const;
  const stretches: Stretch[] = [
    stretch('claim', claim, { type: 'claim.reserved', ...about }, { type: 'claim.held', ...about }),
    stretch(
      'user',
      user,
      {
        type: 'user.registered',
        ...about,
        identifiers: [{ kind: 'email', value: personal(user, `person${number}@example.com`), claim, verified: false }],
        profile: personal(user, { firstName: 'Ada', lastName: `Lovelace ${number}`, attributes: {} }),
        locale: 'en',
        by: 'self',
        administrator: false,
      },
      { type: 'user.verification-requested', ...about, kind: 'email', claim },
      { type: 'user.identifier-verified', ...about, kind: 'email', claim },
    ),
    stretch('credentials', user, {
      type: 'credentials.password-set',
      ...about,
      credential,
      verifier: secret(credential, verifier),
      policyRevision: 0,
    }),
  ];
  const device = randomUUID() as DeviceId;
  for (let day = 1; day <= signIns; day += 1) {
    stretches.push(...visit(user, device, origin, plusSeconds(at, day * 86_400)));
  }
  return { user, credential, stretches };
}

function visit(user: UserId, device: DeviceId, origin: Origin, at: Instant): readonly Stretch[] {
  const [session, attempt, grant] = [randomUUID() as SessionId, randomUUID() as AttemptId, randomUUID()];
  const client = firstPartyClient;
  const expiresAt = plusSeconds(at, 30 * 86_400);
  const standing = { user, session, client, epochs, expiresAt, at };
  const common = { user, session, client, origin: trace(at, origin), device, factors: ['pwd'], attempt, at };
  return [
    stretch('session', session, { type: 'session.started', ...common, epochs, expiresAt }),
    stretch(
      'grant',
      grant,
      {
        type: 'grant.given',
        ...standing,
        scope: ['openid', 'profile'],
        claims: [],
        resources: [],
        idleSeconds: 86_400,
        graceSeconds: 0,
      },
      { type: 'grant.refreshed', user, generation: 1, at: instant(milliseconds(at) + 240_000) },
    ),
    stretch('signin', attempt, {
      type: 'signin.succeeded',
      ...common,
      account: user,
      method: 'password',
      identifier: 'email',
      failuresBefore: 0,
      policyRevision: 0,
    }),
  ];
}

const stretch = (category: string, id: string, ...events: readonly AnyEvent[]): Stretch => ({ category, id, events });
