import { expect } from 'chai';
import { Annal, password } from '../support/annal.js';
import { inTenant } from '../support/attacking.js';
import { newEmail, newTenant, root } from '../support/people.js';

type Refused = Readonly<{ code: string; errors: readonly Readonly<{ pointer: string; message: string }>[] }>;

describe('the settings of a tenant', () => {
  let annal: Annal;

  before(async () => {
    annal = await Annal.start();
    await newTenant(annal, 'schema');
  });
  after(() => annal.stop());

  const settle = async (values: readonly unknown[]) => {
    const attributes = [{ name: 'team', required: false, maxLength: 200, values }];
    return annal.call<Refused>('PUT', '/api/v1/tenants/schema/settings', {
      body: { overrides: { registration: { attributes } } },
      token: await root(annal),
    });
  };
  const numbered = (count: number) => Array.from({ length: count }, (_none, index) => `team ${index}`);

  it('take as many values of an attribute as anybody can choose from, and say where there are more', async () => {
    const [many, long] = [await settle(numbered(101)), await settle(['engines', 'x'.repeat(201)])];
    expect([many.status, many.body.code]).to.deep.equal([422, 'invalid-fields']);
    expect(many.body.errors).to.deep.equal([
      {
        pointer: '/overrides/registration/attributes/0/values',
        code: 'out-of-range',
        message: 'This is a list of at most 100 texts.',
      },
    ]);
    expect(long.body.errors.map(({ pointer }) => pointer)).to.deep.equal([
      '/overrides/registration/attributes/0/values/1',
    ]);
    expect((await settle(numbered(100))).status).to.equal(200);
  });

  it('name a few of many values to whoever chose another', async () => {
    await settle(numbered(100));
    const register = (team: string) =>
      annal.call<Refused>('POST', `${inTenant('schema')}/registrations`, {
        body: { email: newEmail(), password, attributes: { team } },
      });
    expect((await register('team 99')).status).to.equal(202);
    const { body, status } = await register('team 100');
    expect(status).to.equal(422);
    const few = numbered(10).join(', ');
    expect(body.errors).to.deep.equal([
      { pointer: '/attributes/team', code: 'attribute-value', message: `Choose one of ${few} and 90 others.` },
    ]);
  });
});
