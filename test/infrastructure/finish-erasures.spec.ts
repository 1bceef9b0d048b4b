import { expect } from 'chai';
import { FileRootKeys } from '../../src/infrastructure/vault/file-root-keys.js';
import { JobRunner } from '../../src/infrastructure/job-runner.js';
import { Annal } from '../support/annal.js';
import { newPerson, root, signedIn } from '../support/people.js';
import { temporaryFolder } from '../support/vault-fixtures.js';

/** PR-10: nobody has to remember to make erasures final. */
describe('the job finish-erasures', () => {
  const folder = temporaryFolder();
  let keys: FileRootKeys;
  let annal: Annal;

  before(async () => {
    keys = await FileRootKeys.open(folder.path);
    annal = await Annal.start({ foundation: { rootKeys: keys, onlyRootKeyFile: true, backupDays: 0 } });
  });
  after(async () => {
    await annal.stop();
    folder.remove();
  });

  const status = async () =>
    (await annal.container.get(JobRunner).status()).find(({ name }) => name === 'finish-erasures');

  it('replaces the keys that wrapped those of erased people, destroys the old root key, and says so', async () => {
    const [first] = await keys.versions();
    const { user } = await newPerson(annal);
    const kept = await newPerson(annal);
    const jobs = annal.container.get(JobRunner);
    await jobs.start();
    await jobs.stop();
    expect(await status()).to.deep.include({ outcome: 'done', affected: 0 });

    const token = await root(annal);
    expect((await annal.call('DELETE', `/api/v1/tenants/default/users/${user}`, { token })).status).to.equal(204);
    annal.clock.advance(86_400);
    await jobs.runDue();
    expect(await status()).to.deep.include({ outcome: 'done', affected: 2 });
    expect(await keys.versions())
      .to.have.length(1)
      .and.not.include(first);
    const { rows } = await annal.database.pool.query('select 1 from vault_tenants where wrapped_previous is not null');
    expect(rows).to.deep.equal([]);
    await signedIn(annal, kept.email);
  });
});
