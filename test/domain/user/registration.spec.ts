import type { UserEvent } from '../../../src/domain/user/events.js';
import type { RegistrationCommand } from '../../../src/domain/user/registration.js';
import { user } from '../../../src/domain/user/user.js';
import { given } from '../../support/given.js';
import { start } from '../../support/moments.js';
import {
  abandoned,
  about,
  accepted,
  account,
  ada,
  asked,
  changed,
  changeRequested,
  deactivated,
  email,
  erased,
  invited,
  newEmail,
  nobody,
  phone,
  profile,
  proved,
  registered,
  registeredWith,
  suspended,
  undeleted,
  username,
} from './ada.js';

const newcomer = { user: ada, identifiers: [email], profile, locale: 'en', administrator: false, at: start };
const register: RegistrationCommand = { type: 'RegisterUser', ...newcomer, by: 'self' };
const invite: RegistrationCommand = { type: 'InviteUser', ...newcomer };
const existing: readonly (readonly UserEvent[])[] = [
  [registered],
  [invited],
  [registered, suspended],
  [registered, deactivated],
];

describe('registration', () => {
  const verificationOf = ({ kind, claim }: typeof email): UserEvent => ({
    type: 'user.verification-requested',
    user: ada,
    kind,
    claim,
    at: start,
  });

  it('makes an account, and asks its address to prove itself in the same decision', () => {
    given(user)
      .when(register)
      .records(registered, verificationOf(email))
      .leaves(account())
      .again()
      .rejects('user-exists');
  });

  it('asks every unverified address, and no user name', () => {
    const identifiers = [email, phone, username];
    given(user)
      .when({ ...register, identifiers })
      .records(registeredWith(...identifiers), verificationOf(email), verificationOf(phone));
    given(user)
      .when({ ...register, identifiers: [proved(email), { ...username, verified: false }] })
      .records(registeredWith(proved(email), { ...username, verified: false }));
  });

  it('makes administrators where the installation is set up', () => {
    given(user)
      .when({ type: 'RegisterUser', ...newcomer, administrator: true, by: 'setup' })
      .records({ type: 'user.registered', ...newcomer, administrator: true, by: 'setup' }, verificationOf(email))
      .leaves(account({ administrator: true, established: true }));
  });

  it('takes no stream where anything ever was, abandoned and erased accounts included', () => {
    for (const history of [...existing, [abandoned], [registered, erased]]) {
      given(user, ...history)
        .when(register)
        .rejects('user-exists');
      given(user, ...history)
        .when(invite)
        .rejects('user-exists');
    }
  });

  describe('of somebody who is there', () => {
    const note: RegistrationCommand = { type: 'NoteRepeatedRegistration', ...about, kind: 'email' };

    it('is a fact of the account each time', () => {
      const noted: UserEvent = { type: 'user.registration-repeated', ...about, kind: 'email' };
      given(user, registered).when(note).records(noted).leaves(account()).again().records(noted);
    });

    it('is no fact where there is no account', () => {
      for (const history of nobody) {
        given(user, ...history)
          .when(note)
          .recordsNothing();
      }
    });
  });

  describe('that died', () => {
    const abandon: RegistrationCommand = { type: 'AbandonUser', ...about };

    it('is abandoned, so that the slow command which wanted the account conflicts', () => {
      given(user).when(abandon).records(abandoned).leaves({ status: 'abandoned' }).again().recordsNothing();
    });

    it('is not abandoned once the account has come into being', () => {
      for (const history of [...existing, [registered, erased]]) {
        given(user, ...history)
          .when(abandon)
          .rejects('user-exists');
      }
    });
  });
});

describe('an invitation', () => {
  const repeat: RegistrationCommand = { type: 'RepeatInvitation', ...about };
  const accept: RegistrationCommand = { type: 'AcceptInvitation', ...about };
  const repeated: UserEvent = { type: 'user.invitation-repeated', ...about };

  it('makes an account that is not active yet', () => {
    given(user)
      .when(invite)
      .records(invited)
      .leaves(account({ status: 'invited', accepted: false, invitations: 1 }))
      .again()
      .rejects('user-exists');
  });

  it('is repeated as often as asked for', () => {
    given(user, invited)
      .when(repeat)
      .records(repeated)
      .leaves(account({ status: 'invited', accepted: false, invitations: 2 }))
      .again()
      .records(repeated);
  });

  it('is accepted once, which proves the address that it was sent to', () => {
    given(user, invited)
      .when(accept)
      .records(accepted)
      .leaves(account({ identifiers: [proved(email)], invitations: 1 }))
      .again()
      .rejects('not-invited');
  });

  it('proves nothing about an address that waits to replace the invited one', () => {
    given(user, invited, changeRequested(newEmail))
      .when(accept)
      .records(accepted)
      .leaves(account({ identifiers: [proved(email)], invitations: 1, pending: [asked(newEmail)] }));
  });

  it('is neither repeated nor accepted where nobody is invited', () => {
    const others = [...nobody, [registered], [invited, accepted], [invited, deactivated], [registered, suspended]];
    for (const history of others) {
      given(user, ...history)
        .when(repeat)
        .rejects('not-invited');
      given(user, ...history)
        .when(accept)
        .rejects('not-invited');
    }
  });

  it('is open again when the account comes back from a deactivation', () => {
    given(user, invited, deactivated, undeleted, repeated)
      .when(accept)
      .records(accepted)
      .leaves(account({ identifiers: [proved(email)], invitations: 2, epoch: 1 }));
  });

  it('that is over is not accepted by what the log says afterwards', () => {
    given(user, registered, erased, accepted, changed(newEmail)).is({
      status: 'erased',
      epoch: 1,
      released: [email.claim],
    });
  });
});
