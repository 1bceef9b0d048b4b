import { expect } from 'chai';
import { Annal, password } from '../support/annal.js';
import { api, newPerson, root } from '../support/people.js';

/** An answer that is kept for whoever sends the request again is asked for by somebody else. */
describe('attacks on repeated answers', () => {
  let annal: Annal;

  before(async () => {
    annal = await Annal.start();
  });
  after(() => annal.stop());

  it('whoever lacks the secret of a client does not get the answer that the client got', async () => {
    const { email } = await newPerson(annal);
    const made = await annal.call<{ client: string; secret: string }>('POST', '/api/v1/tenants/default/clients', {
      body: { name: 'shop', confidential: true },
      token: await root(annal),
    });
    const { client: id, secret } = made.body;
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const send = (headers: Record<string, string>) =>
      annal.call('POST', `${api}/sign-in`, {
        body: { identifier: email, password, client: id },
        headers: { 'idempotency-key': 'key-of-the-shop-0001', ...headers },
      });

    const first = await send({ authorization });
    expect(first.status, first.text).to.equal(200);
    expect((await send({})).status).to.equal(422);
    expect((await send({ authorization: `Basic ${Buffer.from(`${id}:wrong`).toString('base64')}` })).status).to.equal(
      422,
    );
    expect((await send({ authorization })).text).to.equal(first.text);
  });
});
