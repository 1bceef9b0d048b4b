import { expect } from 'chai';
import { Annal } from '../support/annal.js';
import { newPerson, root } from '../support/people.js';

type Account = Readonly<{ status: string; suspensionReason?: string }>;

describe('the reason of a suspension', () => {
  let annal: Annal;
  let token: string;

  before(async () => {
    annal = await Annal.start();
    token = await root(annal);
  });
  after(() => annal.stop());

  const users = '/api/v1/tenants/default/users';
  const command = (user: string, name: string, body?: object) =>
    annal.call('POST', `${users}/${user}/${name}`, { token, ...(body && { body }) });
  const seen = async (user: string) => {
    const { status, suspensionReason } = (await annal.call<Account>('GET', `${users}/${user}`, { token })).body;
    return [status, suspensionReason];
  };

  it('is shown to administrators for as long as it stands, through a deactivation too', async () => {
    const { user } = await newPerson(annal);
    const reason = 'Somebody else signs in as Ada';
    await command(user, 'suspend', { reason });
    expect(await seen(user)).to.deep.equal(['suspended', reason]);
    await command(user, 'suspend', { reason: 'another' });
    expect(await seen(user)).to.deep.equal(['suspended', reason]);
    await command(user, 'deactivate');
    expect(await seen(user)).to.deep.equal(['deactivated', reason]);
    await command(user, 'undelete');
    expect(await seen(user)).to.deep.equal(['suspended', reason]);
    // Out of the log alone, by an instance that remembers nothing.
    const beside = await annal.another();
    const { body } = await beside.call<Account>('GET', `${users}/${user}`, { token });
    expect(body.suspensionReason).to.equal(reason);
    await command(user, 'reactivate');
    expect(await seen(user)).to.deep.equal(['active', undefined]);
  });
});
