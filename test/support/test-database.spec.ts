import { expect } from 'chai';
import pg from 'pg';
import { freshDatabase } from './test-database.js';

describe('the test database', () => {
  it('gives every caller an empty database of its own', async () => {
    const [first, second] = [await freshDatabase(), await freshDatabase()];
    const clients = [new pg.Client(first.config), new pg.Client(second.config)];
    for (const client of clients) {
      await client.connect();
      await client.query('CREATE TABLE facts (id integer)');
      await client.end();
    }

    expect(first.config.database).not.to.equal(second.config.database);
    await first.drop();
    await second.drop();
  });
});
