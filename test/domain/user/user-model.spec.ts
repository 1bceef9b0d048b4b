import { expect } from 'chai';
import { exists, type User } from '../../../src/domain/user/state.js';
import { user } from '../../../src/domain/user/user.js';
import { agreesWithModel } from '../../support/model.js';
import { Card, type CardSeen, commands } from './card.js';

const seen = (state: User): CardSeen => {
  const nothing = { held: [], wished: [], administrator: false, locale: '', name: '', released: [], endings: 0 };
  if (state.status === 'none' || state.status === 'abandoned') return { ...nothing, phase: state.status };
  if (!exists(state)) {
    return { ...nothing, phase: state.status, released: [...state.released].sort(), endings: state.epoch };
  }
  return {
    phase: state.status,
    held: state.identifiers.map(({ claim, verified }) => `${claim}${verified ? ' verified' : ''}`).sort(),
    wished: state.pending.map(({ claim }) => claim).sort(),
    administrator: state.administrator,
    locale: state.locale,
    name: state.profile.value?.firstName ?? '',
    released: [],
    endings: state.epoch,
  };
};

describe('random accounts', () => {
  agreesWithModel({
    shares: 8,
    aggregate: user,
    commands,
    model: () => new Card(),
    seen,
    invariants: (before, next) => {
      if (before.status === 'erased') expect(next, 'the erased stay erased').to.equal(before);
      if (!exists(next)) return;
      for (const names of [next.identifiers, next.pending]) {
        expect(new Set(names.map(({ kind }) => kind)).size, 'one identifier of each kind').to.equal(names.length);
      }
      expect(next.identifiers, 'a name to sign in with').to.not.have.length(0);
    },
  });
});
