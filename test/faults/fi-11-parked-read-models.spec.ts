import { expect } from 'chai';
import { ReadModelOperations } from '../../src/infrastructure/projection-runner/read-model-operations.js';
import { Annal } from '../support/annal.js';
import { api, newPerson, newTenant, root, signIn } from '../support/people.js';

/** FI-11 as callers meet it: what a query would leave out is said, and everything else goes on. */
describe('an event that a read model cannot take up, over HTTP (FI-11)', () => {
  let annal: Annal;
  let elsewhere: Annal;
  let token: string;
  const users = (slug: string): string => `/api/v1/tenants/${slug}/users`;

  before(async () => {
    annal = await Annal.start();
    elsewhere = await annal.another();
    token = await root(annal);
  });
  after(() => annal.stop());

  const poison = (constraint: string): Promise<unknown> =>
    annal.database.pool.query(`ALTER TABLE users_v1 ADD CONSTRAINT poison CHECK (${constraint})`);
  const heal = (): Promise<unknown> => annal.database.pool.query('ALTER TABLE users_v1 DROP CONSTRAINT poison');
  const code = ({ body }: { body: Record<string, unknown> }): unknown => body['code'];

  it('makes queries of its tenant answer 503 until it is taken up, in every process, and nothing else', async () => {
    const other = await newTenant(annal, 'unharmed');
    const { email } = await newPerson(annal);
    await newPerson(annal, 'someone@unharmed.example.com', other.base);
    expect((await annal.fresh(users('default'), token)).status).to.equal(200);

    await poison("first_name IS DISTINCT FROM 'Mallory'");
    const { user, accessToken } = await newPerson(annal);
    const renamed = await annal.call('PATCH', `${api}/me`, { token: accessToken, body: { firstName: 'Mallory' } });
    expect(renamed.status, renamed.text).to.equal(200);

    for (const instance of [annal, elsewhere]) {
      const search = await instance.fresh(users('default'), token);
      expect([search.status, code(search)], search.text).to.deep.equal([503, 'read-model-parked']);
      expect(search.headers.get('retry-after')).to.equal('60');
      expect(search.text).not.to.contain('Mallory');
      // The same without asking to see anything in particular.
      expect((await instance.call('GET', users('default'), { token })).status).to.equal(503);

      expect((await instance.fresh(users('unharmed'), token)).status, 'another tenant').to.equal(200);
      for (const path of ['audit', 'login-history']) {
        const answer = await instance.fresh(`/api/v1/tenants/default/${path}`, token);
        expect(answer.status, `another read model, ${path}`).to.equal(200);
      }
      const viewed = await instance.call('GET', `${users('default')}/${user}`, { token });
      expect([viewed.status, viewed.body['firstName']], 'the stream itself').to.deep.equal([200, 'Mallory']);
      expect((await signIn(instance, email)).status, 'security').to.equal(200);
    }

    await heal();
    const { parked: retry } = annal.container.get(ReadModelOperations);
    expect(await retry.retryParked('users')).to.deep.include({ streams: 1, parked: [] });
    for (const instance of [annal, elsewhere]) {
      const search = await instance.fresh<{ items: { id: string; firstName?: string }[] }>(users('default'), token);
      expect(search.status, search.text).to.equal(200);
      expect(search.body.items.find(({ id }) => id === user)?.firstName).to.equal('Mallory');
    }
  });

  it('leaves what cannot be told out of a sign-in, which goes on', async () => {
    const { email, session } = await newPerson(annal);
    await annal.fresh('/api/v1/tenants/default/login-history', token);
    expect((await signIn(annal, email)).body).to.have.property('lastSuccessful');

    const table = annal.database.pool;
    await table.query(`ALTER TABLE login_history_v1 ADD CONSTRAINT poison CHECK (session = '${session}') NOT VALID`);
    await signIn(annal, email);
    const history = await annal.fresh('/api/v1/tenants/default/login-history', token);
    expect([history.status, code(history)], history.text).to.deep.equal([503, 'read-model-parked']);
    const signedIn = await signIn(annal, email);
    expect(signedIn.status).to.equal(200);
    expect(signedIn.body.status).to.equal('signed-in');
    expect(signedIn.body).not.to.have.property('lastSuccessful');

    await table.query('ALTER TABLE login_history_v1 DROP CONSTRAINT poison');
    await annal.container.get(ReadModelOperations).parked.retryParked('login_history');
    expect((await annal.fresh('/api/v1/tenants/default/login-history', token)).status).to.equal(200);
    expect((await signIn(annal, email)).body).to.have.property('lastSuccessful');
  });
});

describe('a read model that has not seen the whole log, over HTTP', () => {
  let annal: Annal;

  before(async () => {
    annal = await Annal.start({ roles: ['api'] });
  });
  after(() => annal.stop());

  it('answers 503 until it has', async () => {
    const token = await root(annal);
    for (const path of ['users', 'audit', 'login-history']) {
      const asked = `/api/v1/tenants/default/${path}`;
      const early = await annal.call('GET', asked, { token });
      expect([early.status, early.body['code']], path).to.deep.equal([503, 'read-model-building']);
      expect(early.headers.get('retry-after')).to.equal('5');
    }
    await annal.thawProjectors();
    for (const path of ['users', 'audit', 'login-history']) {
      expect((await annal.fresh(`/api/v1/tenants/default/${path}`, token)).status, path).to.equal(200);
    }
  });
});
