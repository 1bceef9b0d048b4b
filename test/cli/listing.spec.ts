import { expect } from 'chai';
import { listing } from '../../src/cli/listing.js';

describe('a list that a command prints', () => {
  const rows = [
    { name: 'users', events: 12, nextAt: new Date(0), outcome: null },
    { name: 'audit_trail', events: 3, nextAt: new Date(0), outcome: 'done' },
  ];

  it('is a table on a terminal, with the columns that somebody looks for', () => {
    expect(listing(rows, ['name', 'events', 'outcome'], true)).to.deep.equal([
      'name         events  outcome',
      'users        12      -',
      'audit_trail  3       done',
    ]);
  });

  it('is one JSON object a line for programs, with everything', () => {
    expect(listing(rows, ['name'], false).map((line) => JSON.parse(line) as unknown)).to.deep.equal([
      { name: 'users', events: 12, nextAt: '1970-01-01T00:00:00.000Z', outcome: null },
      { name: 'audit_trail', events: 3, nextAt: '1970-01-01T00:00:00.000Z', outcome: 'done' },
    ]);
  });

  it('has its head where there is nothing', () => {
    expect(listing([], ['name'], true)).to.deep.equal(['name']);
    expect(listing([], ['name'], false)).to.deep.equal([]);
  });
});
