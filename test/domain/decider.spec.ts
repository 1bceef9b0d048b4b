import { expect } from 'chai';
import { aggregates, catalogue } from '../../src/domain/catalogue.js';
import { accept, type Cases, dispatch, fold, type Message, reject } from '../../src/domain/decider.js';

type Step = Message<'up', { by: number }> | Message<'down', { by: number }>;

const cases: Cases<Step, number, number> = {
  up: (level, { by }) => level + by,
  down: (level, { by }) => level - by,
};

describe('the decider kernel', () => {
  it('looks up the row of a message', () => {
    expect(dispatch(cases, 3, { type: 'up', by: 2 })).to.equal(5);
    expect(dispatch(cases, 3, { type: 'down', by: 2 })).to.equal(1);
  });

  it('folds in order, and nothing to what it began with', () => {
    const steps: readonly Step[] = [
      { type: 'up', by: 5 },
      { type: 'down', by: 2 },
    ];
    expect(fold(cases, 1, steps)).to.equal(4);
    expect(fold(cases, 1, [])).to.equal(1);
  });

  it('accepts with events or without, and refuses with facts or without', () => {
    expect(accept('a', 'b')).to.deep.equal({ events: ['a', 'b'] });
    expect(accept()).to.deep.equal({ events: [] });
    expect(reject('no', 'fact')).to.deep.equal({ events: ['fact'], rejection: 'no' });
    expect(reject('no')).to.deep.equal({ events: [], rejection: 'no' });
  });
});

describe('the catalogue', () => {
  it('has every event of every aggregate, under a name that no other has', () => {
    const names = Object.values(aggregates).flatMap(({ events }) => Object.keys(events));
    expect(new Set(names).size).to.equal(names.length);
    expect(Object.keys(catalogue)).to.have.members(names);
  });

  it('has a row for every event that an aggregate folds', () => {
    for (const { category, events, evolve } of Object.values(aggregates)) {
      expect(Object.keys(evolve), category).to.have.members(Object.keys(events));
    }
  });

  it('names aggregates by their category, without the dash that ends one in a stream name', () => {
    for (const [name, { category, schema }] of Object.entries(aggregates)) {
      expect(category)
        .to.equal(name)
        .and.match(/^[a-z]+$/);
      expect(schema).to.be.greaterThan(0);
    }
  });

  it('writes names as <subject>.<what-happened>', () => {
    for (const name of Object.keys(catalogue)) expect(name).to.match(/^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/);
  });
});
