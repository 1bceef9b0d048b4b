import { expect } from 'chai';
import { barredBy, isHidden } from '../../../src/domain/signin/verdict.js';
import { defaults, type Settings } from '../../../src/domain/tenant/settings.js';
import type { UserEvent } from '../../../src/domain/user/events.js';
import type { Existing, User } from '../../../src/domain/user/state.js';
import { user } from '../../../src/domain/user/user.js';
import {
  changed,
  email,
  invited,
  newEmail,
  phone,
  proved,
  registered,
  registeredWith,
  suspended,
  username,
  verified,
} from '../user/ada.js';

describe('whoever registered without proving an address', () => {
  const strict = defaults;
  const lax: Settings = { ...strict, verification: { ...strict.verification, requiredToSignIn: false } };
  const made: UserEvent = { ...registered, by: 'administrator' } as UserEvent;
  const after = (...events: readonly UserEvent[]): Existing =>
    events.reduce<User>(
      (state, event) => (user.evolve[event.type] as (state: User, event: UserEvent) => User)(state, event),
      user.initial,
    ) as Existing;

  const histories: Readonly<Record<string, readonly [boolean, ...UserEvent[]]>> = {
    'by address': [true, registered],
    'by address and user name': [true, registeredWith(email, username)],
    'by two addresses': [true, registeredWith(email, phone)],
    'with another user name since': [true, registered, changed(username)],
    'with another address since, unproved': [true, registered, changed(newEmail, email)],
    'by user name alone, who has nothing to prove': [false, registeredWith(username)],
    'and proved it': [false, registered, verified(email)],
    'and proved one of two': [false, registeredWith(email, phone), verified(phone)],
    'and proved one that was replaced by an unproved one': [
      false,
      registered,
      verified(email),
      changed(newEmail, proved(email)),
    ],
    'and proved another one': [false, registered, changed(proved(newEmail), email)],
    'but an administrator did it': [false, made],
    'but was invited': [false, invited],
  };

  for (const [name, [hidden, ...events]] of Object.entries(histories)) {
    it(`${name}: is ${hidden ? '' : 'not '}like nobody where proof is wanted, and never elsewhere`, () => {
      const state = after(...events);
      expect([isHidden(strict, state), isHidden(lax, state)]).to.deep.equal([hidden, false]);
    });
  }

  it('is barred for that, unless it is for something else', () => {
    expect(barredBy(strict, after(registered))).to.equal('not-verified');
    expect(barredBy(lax, after(registered))).to.equal(undefined);
    expect(barredBy(strict, after(registered, verified(email)))).to.equal(undefined);
    expect(barredBy(strict, after(registered, suspended))).to.equal('suspended');
  });
});
