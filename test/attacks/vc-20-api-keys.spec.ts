import { expect } from 'chai';
import { Annal } from '../support/annal.js';
import { overTls } from '../support/browser.js';
import { RelyingParty } from '../support/conformance.js';
import { admitted, api, newPerson, type Person, root } from '../support/people.js';

type Made = Readonly<{ id: string; key: string }>;

const tenant = '/api/v1/tenants/default';
const mine = `${api}/me/api-keys`;

/** Somebody holds a key or a token that may do little, and means to hold one that may do more, or for longer. */
describe('attacks with API keys', () => {
  let annal: Annal;
  let admin: string;
  let ada: Person;
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
    admin = await root(annal);
    ada = await newPerson(annal);
  });
  after(() => annal.stop());

  const making = (token: string, body: object = {}) =>
    annal.call<Made>('POST', mine, { body: { name: 'Export', scopes: ['account'], ...body }, token });
  async function made(body: object = {}): Promise<Made> {
    const answer = await making(ada.accessToken, body);
    expect(answer.status, answer.text).to.equal(201);
    return answer.body;
  }
  const changing = (path: string, token: string, body: object) => annal.call('PATCH', path, { body, token });
  const rotating = (path: string, token: string) =>
    annal.call<Made>('POST', `${path}/rotate`, { body: { overlapSeconds: 0 }, token });
  const works = async (key: string) => (await annal.call('GET', `${api}/me`, { token: key })).status === 200;

  it('VC-20: a key draws no new secret for one that may do more, and takes no limit off it', async () => {
    const wide = await made({ scopes: ['account', 'administration'], addresses: ['192.0.2.1'] });
    const narrow = await made();
    expect((await rotating(`${mine}/${wide.id}`, narrow.key)).status).to.equal(403);
    expect((await changing(`${mine}/${wide.id}`, narrow.key, { addresses: [] })).status).to.equal(403);
    expect((await rotating(`${mine}/${wide.id}`, ada.accessToken)).status).to.equal(200);
  });

  it('VC-20: an administrator draws no secret that acts as a person', async () => {
    const { id, key } = await made();
    expect((await rotating(`${tenant}/api-keys/${id}`, admin)).status).to.equal(403);
    const wider = { scopes: ['account', 'administration'] };
    expect((await changing(`${tenant}/api-keys/${id}`, admin, wider)).status).to.equal(403);
    expect(await works(key)).to.equal(true);
    const revoked = await annal.call('POST', `${tenant}/api-keys/${id}/revoke`, { body: {}, token: admin });
    expect(revoked.status).to.equal(204);
  });

  for (const limit of [{ expiresAt: '2099-01-01T00:00:00Z' }, { addresses: ['127.0.0.1', '::1'] }]) {
    it(`VC-20: a key with ${Object.keys(limit).join()} neither loses that nor makes a key without`, async () => {
      const { id, key } = await made(limit);
      const endless = { addresses: [], expiresAt: null };
      expect((await changing(`${mine}/${id}`, key, endless)).status).to.equal(403);
      expect((await making(key)).status).to.equal(403);
      const other = await made();
      expect((await rotating(`${mine}/${other.id}`, key)).status).to.equal(403);
      // Another secret for itself gives it nothing that it had not.
      expect((await rotating(`${mine}/${id}`, key)).status).to.equal(200);
    });
  }

  it('VC-20: an application of somebody else makes itself no key that outlives what the person agreed to', async () => {
    const scopes = ['openid', 'account'];
    const client = await RelyingParty.register(annal, admin, { scopes });
    const rp = new RelyingParty(annal, admin, 'query', client, await admitted(annal, admin));
    const { access_token: token } = await rp.tokens({ scope: 'openid account' });
    expect(await works(token)).to.equal(true);
    expect((await making(token)).status).to.equal(403);
    const own = await RelyingParty.register(annal, admin, { scopes, firstParty: true });
    const { access_token: ofTenant } = await rp.as(own).tokens({ scope: 'openid account' });
    expect((await making(ofTenant)).status).to.equal(201);
  });
});
