import { expect } from 'chai';
import { Identifiers } from '../../src/application/identifiers.js';
import { BegunErasures } from '../../src/application/ports/begun-erasures.js';
import { PersonalData } from '../../src/application/ports/personal-data.js';
import { SecurityRows } from '../../src/application/ports/security-rows.js';
import { SingleUse } from '../../src/application/ports/single-use.js';
import { Vault } from '../../src/application/ports/vault.js';
import type { TenantId, UserId } from '../../src/domain/values.js';
import { JobRunner } from '../../src/infrastructure/job-runner.js';
import { Annal, password } from '../support/annal.js';
import { admitted, root, signedIn } from '../support/people.js';
import { Saboteur } from '../support/saboteur.js';

const users = '/api/v1/tenants/default/users';
const job = 'finish-begun-erasures';
/** What an erasure does once it is a fact, in its order. */
const parts = ['vault.destroyKey', 'singleUse.revoke', 'personalData.purge', 'identifiers.release', 'begun.end'];

/** The log says that somebody was erased; the instance died before the keys were gone, or on the way from there (PR-10). */
describe('FI-01 an erasure that was cut short', () => {
  let annal: Annal;
  let saboteur: Saboteur;
  let jobs: JobRunner;
  let token: string;

  before(async () => {
    annal = await Annal.start();
    jobs = annal.container.get(JobRunner);
    token = await root(annal);
    const { container } = annal;
    saboteur = new Saboteur({
      vault: container.get(Vault),
      singleUse: container.get(SingleUse),
      personalData: container.get(PersonalData),
      identifiers: container.get(Identifiers),
      begun: container.get(BegunErasures),
    });
  });
  after(() => annal.stop());

  const erase = (user: string) => annal.call('DELETE', `${users}/${user}`, { token });

  async function begun(): Promise<number> {
    const { text } = await annal.call('GET', '/metrics');
    expect(text).to.match(/^annal_begun_erasures_oldest_seconds \S+$/m);
    return Number(/^annal_begun_erasures (\S+)$/m.exec(text)?.[1]);
  }
  async function keysOf(user: string): Promise<number> {
    const query = 'select 1 from vault_keys where wrapped is not null and (id = $1 or owner = $1)';
    return (await annal.database.pool.query(query, [user])).rows.length;
  }

  for (const part of parts) {
    it(`is seen, and finished by the job: nothing came of ${part}`, async () => {
      const { email, user } = await admitted(annal, token);
      const { failed } = await saboteur.fail(part, 1, () => erase(user));
      expect(failed).to.equal(true);
      expect(await begun()).to.equal(1);
      expect(await keysOf(user)).to.equal(part === 'vault.destroyKey' ? 2 : 0);

      await jobs.trigger(job);
      expect(await begun()).to.equal(0);
      expect(await keysOf(user)).to.equal(0);
      const body = { email, password, verified: true };
      const next = await annal.call('POST', users, { body, token });
      expect(next.status, next.text).to.equal(201);
      const purged = 'select 1 from projection_purges where subject = $1';
      expect((await annal.database.pool.query(purged, [user])).rows).to.have.length(1);
    });
  }

  it('is nothing where it was refused, or never became a fact: nobody is erased by the job', async () => {
    const { email, user } = await admitted(annal, token);
    expect((await annal.call('POST', `${users}/${user}/appoint-administrator`, { token })).status).to.equal(204);
    expect((await erase(user)).body).to.include({ code: 'last-administrator' });
    expect(await begun()).to.equal(0);

    const tenant = (await annal.container.get(SecurityRows).tenantBySlug('default'))?.id as TenantId;
    await annal.container.get(BegunErasures).begin(tenant, user as UserId);
    await jobs.trigger(job);
    expect(await begun(), 'it may be at work').to.equal(1);
    await annal.database.pool.query(`update begun_erasures set begun_at = begun_at - interval '2 hours'`);
    await jobs.trigger(job);
    expect(await begun()).to.equal(0);
    await signedIn(annal, email);
  });
});
