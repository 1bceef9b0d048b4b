import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { Undo } from '../../src/composition-root/undo.js';
import { Annal, password } from '../support/annal.js';
import { nextMail } from '../support/attacking.js';
import { api, newPerson, root, signedIn, signIn } from '../support/people.js';
import { newPlace, type Place } from '../support/place.js';
import { freshDatabase } from '../support/test-database.js';

const chosen = 'a longer correct horse battery staple';
const later = 'yet another correct horse battery staple';
const users = '/api/v1/tenants/default/users';

/** FI-24: the machine is lost, and what is left is a backup of last week, the root key and the ledger. */
describe('a backup that knows people who were erased since, and passwords that were replaced (PR-05)', () => {
  const undo = new Undo((error) => {
    throw error;
  });
  let place: Place;
  let restored: Place;

  before(async () => {
    place = await newPlace('postgres', undo);
  });
  after(() => undo.all());

  /** `annal keys apply-ledger` in a process of its own. */
  async function applyLedger(): Promise<string> {
    const { host, port, user, database } = restored.config;
    const query = new URLSearchParams({ host, port: String(port) });
    const { stdout } = await promisify(execFile)(process.execPath, ['bin/annal.mjs', 'keys', 'apply-ledger'], {
      env: {
        ...process.env,
        DATABASE_URL: `postgresql://${user}@localhost/${database}?${query.toString()}`,
        ANNAL_DATA: place.folder,
        ANNAL_ROOT_KEY: place.rootKey,
      },
    });
    return stdout;
  }

  async function withService<T>(at: Place, work: (annal: Annal) => Promise<T>): Promise<T> {
    const annal = await Annal.start({ place: at });
    try {
      return await work(annal);
    } finally {
      await annal.stop();
    }
  }

  it('gives none of it back once the ledger was applied, and says how many it concerns', async () => {
    const { ada, bob, carol } = await withService(place, async (annal) => ({
      ada: await newPerson(annal, 'ada@example.com'),
      bob: await newPerson(annal, 'bob@example.com'),
      carol: await newPerson(annal, 'carol@example.com'),
    }));
    const backup = await freshDatabase(place.config.database);
    undo.later(() => backup.drop());
    restored = { ...place, config: backup.config };

    await withService(place, async (annal) => {
      const token = await root(annal);
      expect((await annal.call('DELETE', `${users}/${ada.user}`, { token })).status).to.equal(204);
      const { accessToken } = await signedIn(annal, bob.email);
      const body = { current: password, password: chosen };
      expect((await annal.call('POST', `${api}/me/password`, { body, token: accessToken })).status).to.equal(200);
    });

    // Ada’s, that of her password, and that of Bob’s.
    const said = await applyLedger();
    expect(said).to.match(/^\d+ records; 3 keys had come back and were destroyed again$/m);
    expect(said).to.match(/^1 people were erased again; 1 have to choose a new password$/m);
    expect(await applyLedger(), 'again')
      .to.contain('0 keys had come back')
      .and.contain('0 people were erased again; 1 have to');

    await withService(restored, async (annal) => {
      const token = await root(annal);
      expect((await annal.call('GET', `${users}/${ada.user}`, { token })).status).to.equal(404);
      expect((await annal.fresh(users, token)).text)
        .to.contain(carol.email)
        .and.not.contain(ada.email);
      const { rows } = await annal.database.pool.query<{ row: string }>('select u::text as row from users_v1 u');
      expect(rows.map(({ row }) => row).join()).not.to.contain(ada.email);
      await newPerson(annal, ada.email);

      expect((await signIn(annal, bob.email)).status, 'the password of the backup').to.equal(401);
      expect((await signIn(annal, bob.email, chosen)).status, 'unknown to the backup').to.equal(401);
      await annal.call('POST', `${api}/password-resets`, { body: { identifier: bob.email } });
      const { token: link } = await nextMail(annal, bob.email, 'reset-password', '');
      const reset = { body: { token: link, password: later } };
      expect((await annal.call('POST', `${api}/password-resets/confirm`, reset)).status).to.equal(204);
      await signedIn(annal, bob.email, later);
      await signedIn(annal, carol.email);
    });
  });
});
