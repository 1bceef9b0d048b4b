import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { unpackedBinaries } from '../../src/infrastructure/postgres-supervisor/binaries.js';
import { ask, failure, SupervisorStage } from '../support/supervisor-stage.js';

const asRoot = process.getuid?.() === 0;
const packaged = process.env['ANNAL_TEST_POSTGRES'] !== 'installed';

describe('PostgresSupervisor, in the places where it is put', () => {
  const stage = new SupervisorStage();

  before(() => stage.prepare());
  afterEach(async () => expect(await stage.clear()).to.deep.equal([]));
  after(() => stage.strike());

  it('names both versions when another major version wrote the cluster', async () => {
    const directory = stage.folder();
    mkdirSync(join(directory, 'postgres'));
    writeFileSync(join(directory, 'postgres', 'PG_VERSION'), '14\n');

    expect((await failure(stage.supervise(directory).start())).message).to.match(
      /was written by PostgreSQL 14, .* DATABASE_URL [^]*this is PostgreSQL 1[5-9]/,
    );
  });

  it('does not touch a directory that holds something else', async () => {
    const directory = stage.folder();
    mkdirSync(join(directory, 'postgres'));
    writeFileSync(join(directory, 'postgres', 'notes.txt'), 'mine');

    expect((await failure(stage.supervise(directory).start())).message).to.match(/is no PostgreSQL cluster/);
    expect(readFileSync(join(directory, 'postgres', 'notes.txt'), 'utf8')).to.equal('mine');
  });

  it('names DATABASE_URL where there is no PostgreSQL', async () => {
    const nowhere = stage.supervise(stage.folder(), { binarySources: [] });

    expect((await failure(nowhere.start())).message).to.match(
      /^No PostgreSQL runs on this machine .* set DATABASE_URL/,
    );
  });

  if (packaged) {
    it('creates the library links that an installation without scripts lacks', async () => {
      const native = stage.packageCopy(0o755);
      for (const name of readdirSync(join(native, 'lib'))) {
        if (lstatSync(join(native, 'lib', name)).isSymbolicLink()) rmSync(join(native, 'lib', name));
      }

      const { connection } = await stage
        .supervise(stage.folder(), { binarySources: [unpackedBinaries(native)] })
        .start();
      expect(await ask(connection, 'SELECT 1 AS id')).to.deep.equal([{ id: 1 }]);
    });
  }
  if (asRoot && packaged) {
    it('copies the binaries when they lie where the account of the server cannot reach them', async () => {
      const native = stage.packageCopy(0o700);
      const directory = stage.folderWithCluster();
      chmodSync(directory, 0o755);

      const { connection } = await stage.supervise(directory, { binarySources: [unpackedBinaries(native)] }).start();
      expect(await ask(connection, 'SELECT 1 AS id')).to.deep.equal([{ id: 1 }]);
      expect(readdirSync(directory).filter((name) => name.startsWith('annal-postgres-'))).to.have.length(1);
    });
  }
  if (asRoot) {
    it('runs a cluster in a directory that the account of the server cannot reach, and one that it can', async () => {
      for (const mode of [0o700, 0o755]) {
        const directory = stage.folder();
        chmodSync(directory, mode);
        const { connection } = await stage.supervise(directory).start();

        expect(statSync(join(directory, 'postgres')).uid).not.to.equal(0);
        expect(await ask(connection, 'SELECT 1 AS id')).to.deep.equal([{ id: 1 }]);
      }
    });

    it('takes over a cluster that was restored by root', async () => {
      const directory = stage.folderWithCluster();
      chmodSync(join(directory, 'postgres'), 0o755);
      expect(statSync(join(directory, 'postgres', 'base')).uid).to.equal(0);

      const { connection } = await stage.supervise(directory).start();
      expect(await ask(connection, 'SELECT 1 AS id')).to.deep.equal([{ id: 1 }]);
    });
  }
});
