import type { Identifier, UserEvent } from '../../../src/domain/user/events.js';
import { user } from '../../../src/domain/user/user.js';
import type { VerificationCommand } from '../../../src/domain/user/verification.js';
import { given } from '../../support/given.js';
import {
  about,
  account,
  asked,
  changed,
  changeRequested,
  claimOf,
  email,
  newEmail,
  nobody,
  phone,
  proved,
  registered,
  registeredWith,
  suspended,
  username,
  verified,
} from './ada.js';

const request = (kind: Identifier['kind']): VerificationCommand => ({ type: 'RequestVerification', ...about, kind });
const confirm = ({ kind, claim }: Identifier): VerificationCommand => ({
  type: 'ConfirmIdentifier',
  ...about,
  kind,
  claim,
});

describe('the verification of an address', () => {
  describe('is requested', () => {
    const requested: UserEvent = {
      type: 'user.verification-requested',
      ...about,
      kind: 'email',
      claim: email.claim,
    };

    it('for an unverified one, as often as asked for', () => {
      given(user, registered).when(request('email')).records(requested).leaves(account()).again().records(requested);
      given(user, registered, suspended).when(request('email')).records(requested);
    });

    it('for the value that waits, before the one in force', () => {
      given(user, registered, changeRequested(newEmail))
        .when(request('email'))
        .records(changeRequested(newEmail))
        .leaves(account({ pending: [asked(newEmail)] }));
      given(user, registered, verified(email), changeRequested(newEmail))
        .when(request('email'))
        .records(changeRequested(newEmail));
    });

    it('for the one that is named, while another waits', () => {
      const named = ({ claim }: Identifier): VerificationCommand => ({
        type: 'RequestVerification',
        ...about,
        kind: 'email',
        claim,
      });
      const waits = given(user, registered, changeRequested(newEmail));
      waits
        .when(named(email))
        .records(requested)
        .leaves(account({ pending: [asked(newEmail)] }));
      waits.when(named(newEmail)).records(changeRequested(newEmail));
      waits.when(named(phone)).rejects('nothing-to-verify');
      given(user, registered).when(named(newEmail)).rejects('nothing-to-verify');
      given(user, registered, verified(email), changeRequested(newEmail))
        .when(named(email))
        .rejects('already-verified');
    });

    it('for the first value of its kind, which waits', () => {
      given(user, registered, changeRequested(phone)).when(request('phone')).records(changeRequested(phone));
    });

    it('not for one that is verified, was never given, or has nothing to prove', () => {
      given(user, registered, verified(email)).when(request('email')).rejects('already-verified');
      given(user, registered).when(request('phone')).rejects('nothing-to-verify');
      given(user, registeredWith(email, username)).when(request('username')).rejects('nothing-to-verify');
    });
  });

  describe('is confirmed', () => {
    it('by the proof that names its claim', () => {
      given(user, registered)
        .when(confirm(email))
        .records(verified(email))
        .leaves(account({ identifiers: [proved(email)] }))
        .again()
        .recordsNothing();
    });

    it('for the value that waits, which replaces the one in force', () => {
      given(user, registered, verified(email), changeRequested(newEmail))
        .when(confirm(newEmail))
        .records(changed(proved(newEmail), proved(email)))
        .leaves(account({ identifiers: [proved(newEmail)] }))
        .again()
        .recordsNothing();
    });

    it('for the first value of its kind, which replaces nothing', () => {
      given(user, registered, changeRequested(phone))
        .when(confirm(phone))
        .records(changed(proved(phone)))
        .leaves(account({ identifiers: [email, proved(phone)] }));
    });

    it('for the one in force while another waits, which goes on waiting', () => {
      given(user, registered, changeRequested(newEmail))
        .when(confirm(email))
        .records(verified(email))
        .leaves(account({ identifiers: [proved(email)], pending: [asked(newEmail)] }));
    });

    it('not by the proof of an address that was given up since, or asked for and replaced (VC-07)', () => {
      given(user, registered, changed(proved(newEmail), email))
        .when(confirm(email))
        .rejects('nothing-to-verify');
      const third = { ...newEmail, claim: claimOf('email.third') };
      given(user, registered, changeRequested(newEmail), changeRequested(third))
        .when(confirm(newEmail))
        .rejects('nothing-to-verify');
    });

    it('not by a proof of another kind or of nothing (VC-07)', () => {
      given(user, registeredWith(email, phone))
        .when(confirm({ ...email, claim: phone.claim }))
        .rejects('nothing-to-verify');
      given(user, registered, changeRequested(newEmail))
        .when(confirm({ ...newEmail, kind: 'phone' }))
        .rejects('nothing-to-verify');
      given(user, registered).when(confirm(phone)).rejects('nothing-to-verify');
    });
  });

  it('is nothing without an account', () => {
    for (const history of nobody) {
      given(user, ...history)
        .when(request('email'))
        .rejects('no-such-user');
      given(user, ...history)
        .when(confirm(email))
        .rejects('no-such-user');
    }
  });
});
