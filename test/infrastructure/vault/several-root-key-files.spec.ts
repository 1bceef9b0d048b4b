import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { JobRunner } from '../../../src/infrastructure/job-runner.js';
import { FileRootKeys } from '../../../src/infrastructure/vault/file-root-keys.js';
import { RootKeyCheck } from '../../../src/infrastructure/vault/root-key-check.js';
import { RootKeyRotation } from '../../../src/infrastructure/vault/root-key-rotation.js';
import { RootKeyMissing } from '../../../src/infrastructure/vault/root-keys.js';
import { Annal } from '../../support/annal.js';
import { admitted, root } from '../../support/people.js';
import { rejection } from '../../support/rejection.js';
import { temporaryFolder } from '../../support/vault-fixtures.js';

describe('machines that each have a copy of the root key file', () => {
  const [here, there] = [temporaryFolder(), temporaryFolder()];
  let keys: FileRootKeys;
  let copies: FileRootKeys;
  let annal: Annal;

  before(async () => {
    keys = await FileRootKeys.open(here.path);
    annal = await Annal.start({ roles: ['api'], foundation: { rootKeys: keys, backupDays: 0 } });
    await copied();
    copies = await FileRootKeys.open(there.path);
  });
  after(async () => {
    await annal.stop();
    for (const folder of [here, there]) folder.remove();
  });

  const copied = () => copyFile(join(here.path, 'root-key'), join(there.path, 'root-key'));
  const other = (rootKeys: FileRootKeys) =>
    Annal.start({ roles: ['api'], place: annal.place, foundation: { clock: annal.clock, rootKeys } });
  const metric = async (name: string): Promise<number> => {
    const { text } = await annal.call('GET', '/metrics');
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  };

  it('add no root key by themselves: the operator is told that erasures wait, and a gauge says how many', async () => {
    const token = await root(annal);
    const { user } = await admitted(annal, token);
    expect(await metric('annal_unfinished_erasures')).to.equal(0);
    expect((await annal.call('DELETE', `/api/v1/tenants/default/users/${user}`, { token })).status).to.equal(204);
    const before = await keys.versions();

    await annal.container.get(JobRunner).trigger('finish-erasures');

    expect(await keys.versions()).to.deep.equal(before);
    const told = annal.log.lines.find(({ event }) => event === 'erasures-wait-for-operator');
    expect(told?.fields).to.include({ keys: await metric('annal_unfinished_erasures') });
    expect(await metric('annal_unfinished_erasures')).to.be.greaterThan(0);
    expect(await metric('annal_unfinished_erasures_oldest_seconds')).to.be.within(0, 600);
  });

  it('are not ready, and do not start, while one of them wraps under a root key that they lack', async () => {
    const beside = await other(copies);
    try {
      await keys.addVersion();
      await annal.container.get(RootKeyRotation).rotate();
      const { status, body } = await beside.call<{ checks: unknown }>('GET', '/health/ready');
      expect(status).to.equal(503);
      expect(body.checks).to.deep.include({ name: 'root-keys', healthy: false });
      expect((await annal.call('GET', '/health/ready')).status).to.equal(200);

      const refused = await rejection(other(copies));
      expect(refused).to.be.instanceOf(RootKeyMissing);
      expect(refused).to.have.property('message').that.contains('copy the file root-key of the machine that has it');

      await copied();
      await beside.container.get(RootKeyCheck).require();
      await (await other(copies)).stop();
    } finally {
      await beside.stop();
    }
  });

  it('look at every tenant at most every ten seconds, however often they are asked', async () => {
    let [now, looks] = [0, 0];
    const rotation = { versionsInUse: async () => ((looks += 1), ['none']) } as unknown as RootKeyRotation;
    const check = new RootKeyCheck(rotation, keys, () => now);
    for (now of [0, 5_000, 9_999]) expect(await rejection(check.recently())).to.be.instanceOf(RootKeyMissing);
    expect(looks).to.equal(1);
    now = 10_000;
    expect(await rejection(check.recently())).to.be.instanceOf(RootKeyMissing);
    expect(looks).to.equal(2);
  });
});
