import {
  administrators,
  type AdministratorsCommand,
  type AdministratorsEvent,
  type Standing,
} from '../../../src/domain/administrators/administrators.js';
import type { UserId } from '../../../src/domain/values.js';
import { given } from '../../support/given.js';
import { after, start } from '../../support/moments.js';

const ada = 'ada' as UserId;
const bob = 'bob' as UserId;

const announced = (user: UserId, revision: number): AdministratorsEvent => ({
  type: 'administrators.departure-announced',
  user,
  revision,
  at: start,
});
const leave = (user: UserId, revision: number, ...others: readonly Standing[]): AdministratorsCommand => ({
  type: 'AnnounceDeparture',
  user,
  revision,
  others,
  at: after(1),
});

describe('the administrators of a tenant', () => {
  it('may leave while another stays', () => {
    given(administrators)
      .when(leave(ada, 4, { user: bob, revision: 0 }))
      .records({ type: 'administrators.departure-announced', user: ada, revision: 4, at: after(1) })
      .leaves({ departures: { [ada]: { revision: 4, at: after(1) } } })
      .again()
      .recordsNothing();
  });

  it('may not where nobody would be left', () => {
    given(administrators).when(leave(ada, 4)).rejects('last-administrator');
    given(administrators)
      .when(leave(ada, 4, { user: ada, revision: 4 }))
      .rejects('last-administrator');
  });

  it('count on nobody who has announced to leave, gone or not', () => {
    given(administrators, announced(bob, 2))
      .when(leave(ada, 4, { user: bob, revision: 2 }))
      .rejects('last-administrator');
    given(administrators, announced(bob, 2))
      .when(leave(ada, 4, { user: bob, revision: 1 }))
      .rejects('last-administrator');
  });

  it('count on who is there after all: at a later revision the departure can no longer happen', () => {
    given(administrators, announced(bob, 2))
      .when(leave(ada, 4, { user: bob, revision: 3 }))
      .records({ type: 'administrators.departure-announced', user: ada, revision: 4, at: after(1) });
  });

  it('leave on what was announced before, without asking again', () => {
    given(administrators, announced(ada, 4)).when(leave(ada, 4)).recordsNothing();
    given(administrators, announced(ada, 4)).when(leave(ada, 5)).rejects('last-administrator');
  });
});
