import { expect } from 'chai';
import { Annal } from '../support/annal.js';
import { basic, isActive } from '../support/attacking.js';
import { newPerson, root } from '../support/people.js';

const path = '/t/default/api/v1/clients';

type Made = Readonly<{ client: string; secret?: string }>;
type Detail = Readonly<{
  id: string;
  name: string;
  kind: string;
  confidential: boolean;
  oldSecretUntil?: string;
  metadata: Readonly<Record<string, unknown>>;
}>;

describe('clients', () => {
  let annal: Annal;
  let token: string;
  before(async () => {
    annal = await Annal.start();
    token = await root(annal);
  });
  after(() => annal.stop());

  const admin = '/api/v1/tenants/default/clients';
  async function make(body: object): Promise<Made> {
    const answer = await annal.call<Made>('POST', admin, { body, token });
    expect(answer.status, answer.text).to.equal(201);
    return answer.body;
  }
  const read = (id: string) => annal.call<Detail>('GET', `${admin}/${id}`, { token });
  const patch = (id: string, body: object, headers = {}) =>
    annal.call<Detail>('PATCH', `${admin}/${id}`, { body, token, headers });

  const redirectUris = ['https://shop.example.com/callback'];
  const kinds = [
    { kind: 'web', body: { redirectUris }, confidential: true, method: 'client_secret_basic' },
    { kind: 'spa', body: { redirectUris }, confidential: false, method: 'none' },
    { kind: 'native', body: { redirectUris: ['com.example.app:/callback'] }, confidential: false, method: 'none' },
    { kind: 'machine', body: {}, confidential: true, method: 'client_secret_basic' },
  ] as const;
  for (const { kind, body, confidential, method } of kinds) {
    it(`are made as ${kind} with what is usual for it, and read back without their secret`, async () => {
      const made = await make({ name: kind, kind, ...body });
      expect(made.secret !== undefined).to.equal(confidential);
      const { body: seen, text, headers } = await read(made.client);
      expect(seen).to.include({ id: made.client, name: kind, kind, confidential });
      expect(seen.metadata).to.include({ authenticationMethod: method, firstParty: kind === 'machine' });
      expect(headers.get('etag')).to.equal('"0"');
      if (made.secret !== undefined) expect(text).not.to.include(made.secret);
    });
  }

  it('are changed member by member, by whoever has seen what is changed', async () => {
    const { client } = await make({ name: 'Shop', redirectUris, logoUri: 'https://shop.example.com/logo.svg' });
    const jwks = { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }] };
    const changed = await patch(client, { name: 'Boutique', logoUri: null, jwks }, { 'if-match': '"0"' });
    expect(changed.status, changed.text).to.equal(200);
    expect(changed.body.name).to.equal('Boutique');
    expect(changed.body.metadata).to.deep.include({ redirectUris, jwks }).and.not.have.property('logoUri');
    const late = await patch(client, { name: 'Late' }, { 'if-match': '"0"' });
    expect(late.status).to.equal(412);
    expect((await patch(client, { jwks: null })).body.metadata).not.to.have.property('jwks');
  });

  it('get tokens in the ways that they say', async () => {
    const { client } = await make({
      name: 'Shop',
      redirectUris,
      grantTypes: ['authorization_code', 'client_credentials'],
    });
    expect((await read(client)).body.metadata['grantTypes']).to.deep.equal([
      'authorization_code',
      'client_credentials',
    ]);
    const machine = await patch(client, { grantTypes: ['client_credentials'], redirectUris: [] });
    expect(machine.body.kind, machine.text).to.equal('machine');
    expect((await patch(client, { grantTypes: ['implicit'] })).status).to.equal(422);
    const { client: app } = await make({ name: 'App', kind: 'spa', redirectUris });
    expect((await patch(app, { grantTypes: ['authorization_code', 'client_credentials'] })).status).to.equal(422);
  });

  it('say nothing that cannot be', async () => {
    const { client } = await make({ name: 'Shop', redirectUris });
    const wrong: readonly (readonly [object, number, string])[] = [
      [{ redirectUris: ['http://shop.example.com/'] }, 422, 'redirectUris/0'],
      [{ jwksUri: 'http://169.254.169.254/keys' }, 422, 'jwksUri'],
      [{ jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd' }] } }, 422, 'jwks'],
      [{ authenticationMethod: 'none' }, 409, 'client-kind-fixed'],
      [{ authenticationMethod: 'private_key_jwt' }, 422, 'keys-needed'],
      [{ redirectUris: [] }, 422, 'redirect-uris-needed'],
      [{ redirectUris: null }, 422, ''],
      [{ epoch: 7 }, 422, 'unknown-field'],
    ];
    for (const [body, status, said] of wrong) {
      const answer = await patch(client, body);
      expect(answer.status, `${JSON.stringify(body)} ${answer.text}`).to.be.within(400, 422);
      expect(answer.text, JSON.stringify(body)).to.include(said);
      if (status !== 422) expect(answer.status).to.equal(status);
    }
    expect((await read(client)).headers.get('etag')).to.equal('"0"');
  });

  it('are found by their name', async () => {
    const { client } = await make({ name: 'Zwiebelfisch Orders', kind: 'machine' });
    const found = await annal.call<{ items: readonly { id: string }[] }>('GET', `${admin}?search=zwiebelF`, { token });
    expect(found.body.items.map(({ id }) => id)).to.deep.equal([client]);
    const all = await annal.call<{ items: readonly { id: string }[] }>('GET', `${admin}?search=%25`, { token });
    expect(all.body.items).to.deep.equal([]);
  });

  it('have two secrets for as long as the old one is kept, and one at once where it is not', async () => {
    const { client, secret: first = '' } = await make({ name: 'API', kind: 'machine' });
    const { accessToken } = await newPerson(annal);
    const works = (secret: string) =>
      isActive(annal, { id: client, secret, basic: basic(client, secret) }, accessToken).catch(() => false);
    const rotate = async (query: string) => {
      const { body } = await annal.call<Made>('POST', `${admin}/${client}/secret${query}`, { token });
      return body.secret ?? '';
    };
    const second = await rotate('?keepOldSeconds=60');
    expect([await works(first), await works(second)]).to.deep.equal([true, true]);
    expect((await read(client)).body.oldSecretUntil).to.be.a('string');
    annal.clock.advance(60);
    expect([await works(first), await works(second)]).to.deep.equal([false, true]);
    const third = await rotate('');
    expect([await works(second), await works(third)]).to.deep.equal([false, true]);
  });

  it('are the business of administrators', async () => {
    const { client } = await make({ name: 'Shop', redirectUris });
    const { accessToken } = await newPerson(annal);
    for (const [method, body] of [
      ['GET', undefined],
      ['PATCH', { name: 'Mine' }],
    ] as const) {
      const answer = await annal.call(method, `${path}/${client}`, { token: accessToken, body });
      expect(answer.status).to.equal(403);
    }
  });
});
