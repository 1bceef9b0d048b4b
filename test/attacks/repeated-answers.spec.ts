import { expect } from 'chai';
import { Vault } from '../../src/application/ports/vault.js';
import type { TenantId } from '../../src/domain/values.js';
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

  it('nobody is told about an erased person, by any of their kept answers, nor can those be opened (PR-02)', async () => {
    const elsewhere = await annal.another();
    const person = await newPerson(annal);
    const { email, accessToken: token, user } = person;
    let keys = 0;
    const headers = (): Record<string, string> => ({ 'idempotency-key': `key-of-the-erased-${++keys}` });
    const asked = [
      { method: 'POST', path: `${api}/sign-in`, body: { identifier: email, password }, headers: headers() },
      {
        method: 'PUT',
        path: `${api}/me/username`,
        body: { value: 'erased.ada', currentPassword: password },
        token,
        headers: headers(),
      },
      {
        method: 'PUT',
        path: `${api}/me/email`,
        body: { value: `x${email}`, currentPassword: password },
        token,
        headers: headers(),
      },
    ] as const;
    const send = (through: Annal, { method, path, ...sent }: (typeof asked)[number]) =>
      through.call(method, path, sent);
    const vault = annal.container.get(Vault);
    const stored = async () =>
      (await annal.database.pool.query<Stored>('select tenant, command, sealed, people from idempotency')).rows;
    const known = new Set((await stored()).map(({ command }) => command));

    for (const one of asked) {
      const first = await send(annal, one);
      expect(first.status, first.text).to.equal(200);
      expect((await send(elsewhere, one)).text).to.equal(first.text);
    }
    const kept = (await stored()).filter(({ command }) => !known.has(command));
    expect(kept.map(({ people }) => people)).to.deep.equal(asked.map(() => [user]));

    const admin = await root(annal);
    const erasing = { token: admin, headers: headers() };
    const erased = await annal.call('DELETE', `/api/v1/tenants/default/users/${user}`, erasing);
    expect(erased.status, erased.text).to.equal(204);
    expect((await annal.call('DELETE', `/api/v1/tenants/default/users/${user}`, erasing)).status).to.equal(204);

    for (const one of asked) {
      for (const instance of [annal, elsewhere]) {
        const again = await send(instance, one);
        expect(again.status, again.text).to.equal(401);
        expect(again.text).not.to.contain(email).and.not.to.contain(user).and.not.to.contain('erased.ada');
      }
    }
    expect((await stored()).filter(({ people }) => people.includes(user))).to.deep.equal([]);
    // As somebody finds them who has an older copy of the rows, and every key that is left.
    for (const { tenant, command, sealed } of kept) {
      const place = `idempotency|${tenant}|${command}`;
      const inner = await vault.open({ tenant, scope: 'tenant', id: 'idempotency' }, sealed, place);
      const text = Buffer.from(inner ?? []).toString('utf8');
      expect(await vault.open({ tenant, scope: 'person', id: user }, text, place)).to.equal(undefined);
      expect(text).not.to.contain(email);
    }
  });
});

type Stored = { tenant: TenantId; command: string; sealed: string; people: string[] };
