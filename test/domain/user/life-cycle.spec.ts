import type { UserEvent } from '../../../src/domain/user/events.js';
import type { LifeCycleCommand } from '../../../src/domain/user/life-cycle.js';
import { user } from '../../../src/domain/user/user.js';
import { personal } from '../../../src/domain/values.js';
import { given } from '../../support/given.js';
import {
  abandoned,
  about,
  accepted,
  account,
  ada,
  appointed,
  changed,
  changeRequested,
  deactivated,
  email,
  erased,
  invited,
  newEmail,
  nobody,
  phone,
  reactivated,
  registered,
  suspended,
  undeleted,
} from './ada.js';

const suspend: LifeCycleCommand = { type: 'SuspendUser', ...about, reason: personal(ada, 'fraud') };
const reactivate: LifeCycleCommand = { type: 'ReactivateUser', ...about };
const deactivate: LifeCycleCommand = { type: 'DeactivateUser', ...about, by: 'self' };
const undelete: LifeCycleCommand = { type: 'UndeleteUser', ...about };
const erase: LifeCycleCommand = { type: 'EraseUser', ...about };
const revoke: LifeCycleCommand = { type: 'RevokeSessions', ...about };
const appoint: LifeCycleCommand = { type: 'AppointAdministrator', ...about };
const dismiss: LifeCycleCommand = { type: 'DismissAdministrator', ...about };

describe('the suspension of an account', () => {
  const held = { status: 'suspended', suspension: personal(ada, 'fraud'), epoch: 1 } as const;

  it('ends what rests on it; lifting it revives nothing', () => {
    given(user, registered).when(suspend).records(suspended).leaves(account(held)).again().recordsNothing();
    given(user, registered, suspended)
      .when(reactivate)
      .records(reactivated)
      .leaves(account({ epoch: 1 }))
      .again()
      .recordsNothing();
  });

  it('keeps its first reason', () => {
    given(user, registered, suspended)
      .when({ ...suspend, reason: personal(ada, 'boredom') })
      .recordsNothing();
  });

  it('is for active accounts alone', () => {
    given(user, invited).when(suspend).rejects('user-not-active');
    given(user, registered, deactivated).when(suspend).rejects('user-not-active');
  });

  it('is lifted where there is one', () => {
    given(user, registered).when(reactivate).recordsNothing();
    given(user, invited).when(reactivate).rejects('not-suspended');
    given(user, registered, deactivated).when(reactivate).rejects('not-suspended');
    given(user, registered, suspended, deactivated).when(reactivate).rejects('not-suspended');
  });
});

describe('the deactivation of an account', () => {
  it('ends what rests on it; undoing it revives nothing', () => {
    given(user, registered)
      .when(deactivate)
      .records(deactivated)
      .leaves(account({ status: 'deactivated', epoch: 1 }))
      .again()
      .recordsNothing();
    given(user, registered, deactivated)
      .when(undelete)
      .records(undeleted)
      .leaves(account({ epoch: 1 }))
      .again()
      .recordsNothing();
  });

  it('lifts no suspension: an account that was suspended comes back suspended', () => {
    given(user, registered, suspended).when(deactivate).records(deactivated);
    given(user, registered, suspended, deactivated)
      .when(undelete)
      .records(undeleted, suspended)
      .leaves(account({ status: 'suspended', suspension: personal(ada, 'fraud'), epoch: 3 }))
      .again()
      .rejects('not-deactivated');
    given(user, registered, suspended, reactivated, deactivated).when(undelete).records(undeleted);
  });

  it('accepts no invitation: an account that was only invited comes back invited, with a new invitation', () => {
    given(user, invited).when(deactivate).records(deactivated);
    given(user, invited, deactivated)
      .when(undelete)
      .records(undeleted, { type: 'user.invitation-repeated', ...about })
      .leaves(account({ status: 'invited', accepted: false, invitations: 2, epoch: 1 }))
      .again()
      .rejects('not-deactivated');
    given(user, invited, accepted, deactivated).when(undelete).records(undeleted);
  });

  it('is undone where there is one', () => {
    given(user, registered).when(undelete).recordsNothing();
    given(user, invited).when(undelete).rejects('not-deactivated');
    given(user, registered, suspended).when(undelete).rejects('not-deactivated');
  });
});

describe('an erasure', () => {
  it('is final, leaves nothing of the person, and names every claim to release once', () => {
    given(user, registered, changeRequested(newEmail), changeRequested(phone), changeRequested(email))
      .when(erase)
      .records(erased)
      .leaves({ status: 'erased', epoch: 1, released: [email.claim, phone.claim] })
      .again()
      .recordsNothing();
  });

  it('reaches accounts in every state', () => {
    const histories = [[invited], [registered, suspended], [registered, deactivated], [registered, appointed]];
    for (const history of histories) {
      given(user, ...history)
        .when(erase)
        .records(erased);
    }
  });

  it('reaches nobody who was never there', () => {
    given(user).when(erase).rejects('no-such-user');
    given(user, abandoned).when(erase).rejects('no-such-user');
  });

  it('cannot be undone, by no command and by nothing that the log says afterwards', () => {
    const gone = { status: 'erased', epoch: 1, released: [email.claim] } as const;
    given(user, registered, erased).when(undelete).rejects('user-erased');
    for (const command of [suspend, reactivate, deactivate, revoke, appoint, dismiss]) {
      given(user, registered, erased).when(command).rejects('no-such-user').leaves(gone);
    }
    const late: readonly UserEvent[] = [undeleted, reactivated, appointed, accepted, changed(newEmail), erased];
    given(user, registered, erased, ...late).is(gone);
  });
});

describe('sessions of a person', () => {
  it('are revoked all at once, each time anew', () => {
    const revoked: UserEvent = { type: 'user.sessions-revoked', ...about };
    given(user, registered)
      .when(revoke)
      .records(revoked)
      .leaves(account({ epoch: 1 }))
      .again()
      .records(revoked)
      .leaves(account({ epoch: 2 }));
    given(user, registered, suspended).when(revoke).records(revoked);
  });
});

describe('administrators', () => {
  const dismissed: UserEvent = { type: 'user.administrator-dismissed', ...about };

  it('are appointed and dismissed', () => {
    given(user, registered)
      .when(appoint)
      .records(appointed)
      .leaves(account({ administrator: true }))
      .again()
      .recordsNothing();
    given(user, registered, appointed).when(dismiss).records(dismissed).leaves(account()).again().recordsNothing();
  });
});

describe('whoever has no account', () => {
  it('has no life cycle', () => {
    for (const history of nobody) {
      for (const command of [suspend, reactivate, deactivate, revoke, appoint, dismiss]) {
        given(user, ...history)
          .when(command)
          .rejects('no-such-user');
      }
    }
    given(user).when(undelete).rejects('no-such-user');
    given(user, abandoned).when(undelete).rejects('no-such-user');
  });
});
