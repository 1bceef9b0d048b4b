import type { Identifier, Profile, UserEvent } from '../../../src/domain/user/events.js';
import type { ProfileCommand } from '../../../src/domain/user/profile.js';
import { user } from '../../../src/domain/user/user.js';
import { personal } from '../../../src/domain/values.js';
import { given } from '../../support/given.js';
import {
  about,
  account,
  ada,
  asked,
  changed,
  changeRequested,
  email,
  invited,
  named,
  newEmail,
  nobody,
  phone,
  profile,
  proved,
  registered,
  registeredWith,
  suspended,
  username,
  verified,
} from './ada.js';

describe('a profile', () => {
  const become = (values: Profile, locale = 'en'): ProfileCommand => ({
    type: 'ChangeProfile',
    ...about,
    profile: personal(ada, values),
    locale,
  });
  const became = (values: Profile, locale = 'en'): UserEvent => ({
    type: 'user.profile-changed',
    ...about,
    profile: personal(ada, values),
    locale,
  });

  it('changes as a whole', () => {
    given(user, registered)
      .when(become({ firstName: 'Augusta' }))
      .records(became({ firstName: 'Augusta' }))
      .leaves(account({ profile: personal(ada, { firstName: 'Augusta' }) }))
      .again()
      .recordsNothing();
  });

  it('changes with the locale alone', () => {
    const values = profile.value as Profile;
    given(user, registered)
      .when(become(values, 'de'))
      .records(became(values, 'de'))
      .leaves(account({ locale: 'de' }));
  });

  it('does not change when it says the same, in whatever order', () => {
    given(user, registered)
      .when(become({ attributes: { floor: 2, team: 'engines' }, firstName: 'Ada' }))
      .recordsNothing();
  });

  it('changes with anything in it', () => {
    const others: readonly Profile[] = [
      {},
      { firstName: 'Ada' },
      { firstName: 'Ada', attributes: { team: 'engines' } },
      { firstName: 'Ada', attributes: { team: 'engines', floor: '2' } },
      { firstName: 'Ada', lastName: '', attributes: { team: 'engines', floor: 2 } },
    ];
    for (const other of others) given(user, registered).when(become(other)).records(became(other));
  });

  it('is nothing without an account', () => {
    for (const history of nobody) {
      given(user, ...history)
        .when(become({}))
        .rejects('no-such-user');
    }
  });
});

describe('a change of identifier', () => {
  const change = (to: Identifier): ProfileCommand => ({ type: 'ChangeIdentifier', ...about, ...to, credentials: 1 });

  it('waits for its proof; the address in force stays until then', () => {
    given(user, registered, verified(email))
      .when(change(newEmail))
      .records(changeRequested(newEmail))
      .leaves(account({ identifiers: [proved(email)], pending: [asked(newEmail)] }))
      .again()
      .records(changeRequested(newEmail));
  });

  it('waits for the newest value of its kind alone', () => {
    const third = named('email', 'third@example.org');
    given(user, registered, changeRequested(newEmail), changeRequested(phone))
      .when(change(third))
      .records(changeRequested(third))
      .leaves(account({ pending: [asked(phone), asked(third)] }));
  });

  it('is done at once where an administrator vouches for the address', () => {
    given(user, registered, changeRequested(newEmail))
      .when(change(proved(newEmail)))
      .records(changed(proved(newEmail), email))
      .leaves(account({ identifiers: [proved(newEmail)] }))
      .again()
      .recordsNothing();
  });

  it('is done at once for a user name, the first one and the next, and for its spelling', () => {
    const renamed = named('username', 'lovelace', true);
    const spelled = { ...username, value: personal(ada, 'Ada') };
    given(user, registered)
      .when(change(username))
      .records(changed(username))
      .leaves(account({ identifiers: [email, username] }));
    given(user, registeredWith(email, username)).when(change(renamed)).records(changed(renamed, username));
    given(user, registeredWith(email, username)).when(change(spelled)).records(changed(spelled, username));
  });

  it('to another spelling of an address waits for its proof like any other', () => {
    const spelled = { ...email, value: personal(ada, 'Ada@example.org') };
    given(user, registered, verified(email)).when(change(spelled)).records(changeRequested(spelled));
  });

  it('to what is in force records nothing', () => {
    given(user, registered).when(change(email)).recordsNothing();
    given(user, registered, verified(email)).when(change(email)).recordsNothing();
    given(user, registered, verified(email))
      .when(change(proved(email)))
      .recordsNothing();
    given(user, registeredWith(username)).when(change(username)).recordsNothing();
  });

  it('to what is in force takes back the one that waits, whose proof is worth nothing then', () => {
    given(user, registered, verified(email), changeRequested(newEmail), changeRequested(phone))
      .when(change(email))
      .records(changed(proved(email)))
      .leaves(account({ identifiers: [proved(email)], pending: [asked(phone)] }))
      .again()
      .recordsNothing();
    given(user, registered, changeRequested(newEmail), changed(email))
      .when({ type: 'ConfirmIdentifier', ...about, kind: 'email', claim: newEmail.claim })
      .rejects('nothing-to-verify');
  });

  it('to what is in force verifies it where an administrator vouches for it', () => {
    given(user, registered)
      .when(change(proved(email)))
      .records(changed(proved(email)))
      .leaves(account({ identifiers: [proved(email)] }))
      .again()
      .recordsNothing();
  });

  it('is nothing without an account', () => {
    for (const history of nobody) {
      given(user, ...history)
        .when(change(newEmail))
        .rejects('no-such-user');
    }
  });
});

describe('the correction of an identifier', () => {
  const assign = (to: Identifier): ProfileCommand => ({ type: 'AssignIdentifier', ...about, ...to });
  const invitedAgain: UserEvent = { type: 'user.invitation-repeated', ...about };
  const request = ({ kind, claim }: Identifier): UserEvent => ({
    type: 'user.verification-requested',
    ...about,
    kind,
    claim,
  });

  it('is in force at once, and asks for its proof', () => {
    given(user, registered, verified(email), changeRequested(named('email', 'third@example.org')))
      .when(assign(newEmail))
      .records(changed(newEmail, proved(email)), request(newEmail))
      .leaves(account({ identifiers: [newEmail], established: true }))
      .again()
      .recordsNothing();
    given(user, registered, suspended).when(assign(phone)).records(changed(phone), request(phone));
  });

  it('asks for no proof where the administrator vouches for it, or there is nothing to prove', () => {
    given(user, registered)
      .when(assign(proved(newEmail)))
      .records(changed(proved(newEmail), email));
    given(user, registered).when(assign(username)).records(changed(username));
  });

  it('invites those anew who are still invited', () => {
    given(user, invited).when(assign(newEmail)).records(changed(newEmail, email), invitedAgain);
    given(user, invited)
      .when(assign(proved(newEmail)))
      .records(changed(proved(newEmail), email), invitedAgain);
    given(user, invited).when(assign(username)).records(changed(username));
  });

  it('to another spelling leaves a proof what it is', () => {
    const spelled = { ...email, value: personal(ada, 'Ada@example.org') };
    given(user, registered, verified(email))
      .when(assign(spelled))
      .records(changed(proved(spelled), proved(email)));
    given(user, registered).when(assign(spelled)).records(changed(spelled, email), request(spelled));
  });

  it('to what is in force verifies it, or takes back the one that waits', () => {
    given(user, registered)
      .when(assign(proved(email)))
      .records(changed(proved(email)));
    given(user, registered, verified(email)).when(assign(email)).recordsNothing();
    given(user, registered, changeRequested(newEmail)).when(assign(email)).records(changed(email)).leaves(account());
  });

  it('is nothing without an account', () => {
    for (const history of nobody) {
      given(user, ...history)
        .when(assign(newEmail))
        .rejects('no-such-user');
    }
  });
});

describe('the removal of an identifier', () => {
  const remove = (kind: Identifier['kind'], required = false): ProfileCommand => ({
    type: 'RemoveIdentifier',
    ...about,
    kind,
    required,
  });
  const removed = (one: Identifier): UserEvent => ({ type: 'user.identifier-removed', ...about, ...one });

  it('takes it away together with what waits to replace it', () => {
    given(user, registeredWith(email, username), changeRequested(newEmail), changeRequested(phone))
      .when(remove('email'))
      .records(removed(email))
      .leaves(account({ identifiers: [username], pending: [asked(phone)] }))
      .again()
      .recordsNothing();
  });

  it('leaves the last one, and those that the tenant asks for', () => {
    given(user, registered).when(remove('email')).rejects('identifier-required');
    given(user, registered, changeRequested(phone)).when(remove('email')).rejects('identifier-required');
    given(user, registeredWith(email, username)).when(remove('email', true)).rejects('identifier-required');
  });

  it('takes back one that waits and replaces nothing, whatever else there is', () => {
    for (const required of [false, true]) {
      given(user, registered, changeRequested(phone))
        .when(remove('phone', required))
        .records(removed({ ...phone, verified: false }))
        .leaves(account())
        .again()
        .recordsNothing();
    }
  });

  it('of one that is not there records nothing', () => {
    given(user, registered).when(remove('phone')).recordsNothing();
    given(user, registered).when(remove('phone', true)).recordsNothing();
  });

  it('is nothing without an account', () => {
    for (const history of nobody) {
      given(user, ...history)
        .when(remove('email'))
        .rejects('no-such-user');
    }
  });
});
