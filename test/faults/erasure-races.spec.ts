import { expect } from 'chai';
import { EventLog, streamName } from '../../src/application/ports/event-log.js';
import { SecurityRows } from '../../src/application/ports/security-rows.js';
import type { CredentialsEvent } from '../../src/domain/credentials/events.js';
import { reveal, type TenantId } from '../../src/domain/values.js';
import { Annal, password } from '../support/annal.js';
import { times } from '../support/attacking.js';
import { admitted, api, root, signedIn } from '../support/people.js';

const rounds = times(25, 1_000);
const chosen = 'a longer correct horse battery staple';

/** A person gets a new password in the very moment of being erased: it must not leave a key behind that nobody destroys. */
describe('a new password that races an erasure (PR-07)', () => {
  let annal: Annal;
  let elsewhere: Annal;
  let tenant: TenantId;
  let admin: string;

  before(async () => {
    annal = await Annal.start();
    elsewhere = await annal.another();
    tenant = (await annal.container.get(SecurityRows).tenantBySlug('default'))?.id as TenantId;
    admin = await root(annal);
  });
  after(() => annal.stop());

  /** Verifiers of a person that the log still gives away, to an instance that remembers nothing. */
  async function readable(user: string): Promise<readonly string[]> {
    const events = await elsewhere.container.get(EventLog).read(streamName('credentials', tenant, user), 0, 50);
    return events.flatMap(({ event }) => {
      const told = event as CredentialsEvent;
      return 'verifier' in told && reveal(told.verifier) !== undefined ? [told.type] : [];
    });
  }

  it(`leaves nobody’s verifier readable, nor a key for it, in ${rounds} rounds`, async function () {
    this.timeout(600_000);
    const outcomes = new Set<string>();
    for (let round = 0; round < rounds; round += 1) {
      const { email, user } = await admitted(annal, admin);
      const { accessToken } = await signedIn(annal, email);
      await annal.call('POST', `${api}/password-resets`, { body: { identifier: email } });
      const { token } = await annal.mail(email, 'reset-password');
      const erase = () => annal.call('DELETE', `/api/v1/tenants/default/users/${user}`, { token: admin });
      const [reset, change, erased] = await Promise.all([
        elsewhere.call('POST', `${api}/password-resets/confirm`, { body: { token, password: chosen } }),
        annal.call('POST', `${api}/me/password`, {
          body: { current: password, password: `${chosen}!` },
          token: accessToken,
        }),
        later(round % 5, erase),
      ]);
      expect(erased.status, erased.text).to.equal(204);
      outcomes.add(`${reset.status}`).add(`${change.status}`);
      expect([204, 400, 404, 409], reset.text).to.include(reset.status);
      expect([200, 400, 401, 403, 404, 409], change.text).to.include(change.status);

      const { rows } = await annal.database.pool.query(
        'select id from vault_keys where tenant = $1 and wrapped is not null and (owner = $2 or id = $2)',
        [tenant, user],
      );
      expect(rows, `keys after ${reset.status}, ${change.status}`).to.deep.equal([]);
      expect(await readable(user), `verifiers after ${reset.status}, ${change.status}`).to.deep.equal([]);
    }
    expect(outcomes.size, 'it is a race').to.be.at.least(2);
  });
});

/** Lets the others get some way into their work: so many turns of the event loop. */
async function later<T>(questions: number, work: () => Promise<T>): Promise<T> {
  for (let question = 0; question < questions; question += 1) await new Promise((resolve) => setImmediate(resolve));
  return work();
}
