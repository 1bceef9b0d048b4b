import { expect } from 'chai';
import { ApiKeyUsage } from '../../src/application/api-key-usage.js';
import { ApiKeyUses } from '../../src/application/ports/api-key-uses.js';
import { Annal } from '../support/annal.js';
import { api, newPerson, type Person, root } from '../support/people.js';

type Made = Readonly<{ id: string; key: string }>;
type Viewed = Readonly<{
  id: string;
  name: string;
  status: string;
  uses: number;
  lastUsedAt?: string;
  scopes: string[];
}>;

const tenant = '/api/v1/tenants/default';

describe('API keys', () => {
  let annal: Annal;
  let admin: string;
  let ada: Person;

  before(async () => {
    annal = await Annal.start({
      foundation: { http: { origin: 'http://localhost:4000', trustedProxies: ['127.0.0.1'] } },
    });
  });
  // One of the specs moves the clock.
  beforeEach(async () => {
    admin = await root(annal);
    ada = await newPerson(annal);
  });
  after(() => annal.stop());

  const making = (body: object, token = ada.accessToken) =>
    annal.call<Made>('POST', `${api}/me/api-keys`, { body: { name: 'Export', scopes: ['account'], ...body }, token });
  async function made(body: object = {}): Promise<Made> {
    const answer = await making(body);
    expect(answer.status, answer.text).to.equal(201);
    return answer.body;
  }
  const me = (key: string, headers: Record<string, string> = {}) =>
    annal.call<{ id: string }>('GET', `${api}/me`, { token: key, headers });
  const viewed = async (id: string) =>
    (await annal.call<Viewed>('GET', `${api}/me/api-keys/${id}`, { token: ada.accessToken })).body;

  it('act in the name of the person who made them, as far as their scopes go', async () => {
    const { key } = await made();
    expect(key).to.match(/^annal_ak_[0-9a-f]{32}[0-9A-Za-z]{49}$/);
    expect((await me(key)).body.id).to.equal(ada.user);
    const { key: narrow } = await made({ scopes: ['openid'] });
    expect((await me(narrow)).status).to.equal(403);
    expect((await making({ scopes: ['account', 'payroll'] })).status).to.equal(422);
    // A key makes no key that may do more than itself.
    expect((await making({ scopes: ['administration'] }, key)).status).to.equal(422);
  });

  it('are told once, and stand nowhere in clear', async () => {
    const { id, key } = await made({ tags: { environment: 'production' } });
    const { text } = await annal.call('GET', `${api}/me/api-keys`, { token: ada.accessToken });
    expect(text).to.include(id).and.to.not.include(key.slice(-49));
    const { rows } = await annal.database.pool.query<{ found: string }>(
      'SELECT count(*) AS found FROM events WHERE position(convert_to($1, $3) in data) > 0 OR position(convert_to($2, $3) in data) > 0',
      [key.slice(41, 84), 'Export', 'UTF8'],
    );
    expect(rows[0]?.found).to.equal('0');
  });

  it('work nowhere with a character changed, cut off or added', async () => {
    const { key } = await made();
    const last = key.at(-1) === 'a' ? 'b' : 'a';
    const middle = `${key.slice(0, 50)}${key[50] === 'a' ? 'b' : 'a'}${key.slice(51)}`;
    for (const forged of [key.slice(0, -1), `${key}0`, key.slice(0, -1) + last, middle, key.toUpperCase()]) {
      expect((await me(forged)).status, forged).to.equal(401);
    }
  });

  it('work from the addresses they are for alone', async () => {
    const { key } = await made({ addresses: ['192.0.2.0/24', '2001:db8::/32'] });
    expect((await me(key, { 'x-forwarded-for': '192.0.2.9' })).status).to.equal(200);
    expect((await me(key, { 'x-forwarded-for': '2001:db8::9' })).status).to.equal(200);
    expect((await me(key, { 'x-forwarded-for': '198.51.100.1' })).status).to.equal(401);
    expect((await making({ addresses: ['192.0.2.0/33'] })).status).to.equal(422);
  });

  it('end when they expire, are revoked, or their owner may not act', async () => {
    const expiring = await made({ expiresAt: new Date(annal.clock.now()).toISOString().replace(/\d{4}/, '2099') });
    const revoked = await made();
    const { key: kept } = await made();
    await annal.call('POST', `${api}/me/api-keys/${revoked.id}/revoke`, { body: {}, token: ada.accessToken });
    expect((await me(revoked.key)).status).to.equal(401);
    expect((await me(expiring.key)).status).to.equal(200);
    expect((await making({ expiresAt: '2001-01-01T00:00:00Z' })).status).to.equal(422);

    const suspend = await annal.call('POST', `${tenant}/users/${ada.user}/suspend`, {
      body: { reason: 'x' },
      token: admin,
    });
    expect(suspend.status).to.equal(204);
    for (const key of [kept, expiring.key]) expect((await me(key)).status).to.equal(401);
    await annal.call('POST', `${tenant}/users/${ada.user}/reactivate`, { token: admin });
    expect((await me(kept)).status).to.equal(200);
  });

  it('are rotated with an overlap, or without', async () => {
    const { id, key: first } = await made();
    const rotate = async (overlapSeconds: number) => {
      const body = { overlapSeconds };
      return (await annal.call<Made>('POST', `${api}/me/api-keys/${id}/rotate`, { body, token: ada.accessToken })).body
        .key;
    };
    const second = await rotate(600);
    for (const key of [first, second]) expect((await me(key)).status).to.equal(200);
    annal.clock.advance(600);
    expect((await me(first)).status).to.equal(401);
    ada = { ...ada, ...(await refreshed()) };
    const third = await rotate(0);
    expect((await me(second)).status).to.equal(401);
    expect((await me(third)).status).to.equal(200);
  });

  const refreshed = async () =>
    (await annal.call<Person>('POST', `${api}/tokens/refresh`, { body: { refreshToken: ada.refreshToken } })).body;

  it('are changed at once', async () => {
    const { id, key } = await made();
    const path = `${api}/me/api-keys/${id}`;
    const body = { name: 'Import', scopes: ['openid'] };
    expect((await annal.call('PATCH', path, { body, token: ada.accessToken })).status).to.equal(204);
    expect((await me(key)).status).to.equal(403);
    expect(await viewed(id)).to.include({ name: 'Import', status: 'active' });
  });

  it('are nobody else’s', async () => {
    const { id } = await made();
    const eve = await newPerson(annal);
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/revoke'],
      ['POST', '/rotate'],
    ] as const) {
      const body = method === 'POST' ? { body: {} } : {};
      const { status } = await annal.call(method, `${api}/me/api-keys/${id}${path}`, {
        token: eve.accessToken,
        ...body,
      });
      expect(status, path).to.equal(404);
    }
  });

  it('of the tenant and of its applications administer, and are no person', async () => {
    const { body: client } = await annal.call<{ client: string }>('POST', `${tenant}/clients`, {
      body: { name: 'Billing', confidential: true },
      token: admin,
    });
    for (const owner of [{}, { client: client.client }]) {
      const body = { name: 'Provisioning', scopes: ['administration', 'account'], tags: { purpose: 'sync' }, ...owner };
      const { body: key, text } = await annal.call<Made>('POST', `${tenant}/api-keys`, { body, token: admin });
      expect(key.key, text).to.be.a('string');
      const listed = await annal.call('GET', '/t/default/api/v1/users', { token: key.key });
      expect(listed.status, listed.text).to.equal(200);
      expect((await me(key.key)).status).to.equal(403);
      // The system tenant's paths want a key of the system tenant.
      expect((await annal.call('GET', '/api/v1/tenants', { token: key.key })).status).to.equal(401);
    }
    await annal.call('POST', `${tenant}/clients/${client.client}/disable`, { token: admin });
    const found = await annal.fresh<{ items: { id: string }[] }>(`${tenant}/api-keys?tag=purpose%3Dsync`, admin);
    expect(found.body.items).to.have.length(2);
  });

  it('are counted, in rows at once and in one event an hour', async () => {
    const { id, key } = await made();
    for (let time = 0; time < 5; time += 1) await me(key);
    const usage = annal.container.get(ApiKeyUsage);
    const uses = annal.container.get(ApiKeyUses);
    await uses.settled();
    expect(await viewed(id)).to.include({ uses: 5 });
    await usage.tell(annal.clock.now());
    await me(key);
    await uses.settled();
    await usage.tell(annal.clock.now());
    const { rows } = await annal.database.pool.query<{ found: string }>(
      "SELECT count(*) AS found FROM events WHERE type = 'api-key.used' AND stream LIKE '%' || $1",
      [id],
    );
    expect(rows[0]?.found).to.equal('2');
  });
});
