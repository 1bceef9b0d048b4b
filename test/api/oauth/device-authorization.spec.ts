import { expect } from 'chai';
import { Annal, password } from '../../support/annal.js';
import { many } from '../../support/attacking.js';
import { Browser, overTls, type Page } from '../../support/browser.js';
import { admitted, root } from '../../support/people.js';

type Begun = Readonly<{
  device_code: string;
  user_code: string;
  verification_uri_complete: string;
  expires_in: number;
  interval: number;
}>;
type Person = Readonly<{ user: string; email: string }>;

const grantType = 'urn:ietf:params:oauth:grant-type:device_code';

describe('devices without a browser (RFC 8628)', () => {
  let annal: Annal;
  let admin: string;
  let client: string;
  let ada: Person;
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
  });
  beforeEach(async () => {
    admin = await root(annal);
    client = await registered({ grantTypes: [grantType, 'refresh_token'] });
    ada = await admitted(annal, admin);
  });
  after(() => annal.stop());

  async function registered(more: object): Promise<string> {
    const scopes = ['openid', 'email', 'offline_access'];
    const body = { name: 'Television', confidential: false, applicationType: 'native', scopes, ...more };
    const made = await annal.call<{ client: string }>('POST', '/api/v1/tenants/default/clients', {
      body,
      token: admin,
    });
    if (made.status !== 201) throw new Error(made.text);
    return made.body.client;
  }
  const begin = async (scope = 'openid email offline_access'): Promise<Begun> => {
    const form = { client_id: client, scope };
    const { status, body, text } = await annal.call<Begun>('POST', '/t/default/oauth2/device_authorization', { form });
    expect(status, text).to.equal(200);
    return body;
  };
  const poll = (code: string, by = client) =>
    annal.call('POST', '/t/default/oauth2/token', {
      form: { grant_type: grantType, device_code: code, client_id: by },
    });
  const errorOf = async (code: string, by = client) => (await poll(code, by)).body['error'];

  /** Enters the code and signs in; the page that asks for consent. */
  async function askedOf(person: Person, code: string): Promise<readonly [Browser, Page]> {
    const browser = new Browser(annal);
    const entered = await browser.press(await browser.open('/t/default/device'), { code });
    const who = await browser.press(entered, { identifier: person.email });
    return [browser, await browser.press(who, { current: password })];
  }
  async function decide(person: Person, code: string, decision: 'agree' | 'deny'): Promise<Page> {
    const [browser, page] = await askedOf(person, code);
    expect(page.html).to.include('Television');
    return browser.press(page, { decision });
  }

  it('get tokens of the person who says yes', async () => {
    const { device_code: device, user_code: code, interval, verification_uri_complete: link } = await begin();
    expect(code).to.match(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect((await new Browser(annal).open(link)).html).to.include(`value="${code}"`);
    expect(await errorOf(device)).to.equal('authorization_pending');
    const page = await decide(ada, code.toLowerCase().replace('-', ' '), 'agree');
    expect(page.url).to.equal('https://id.example.com/t/default/device/done');

    annal.clock.advance(interval);
    const { status, body, text } = await poll(device);
    expect(status, text).to.equal(200);
    expect(body).to.include.keys('access_token', 'refresh_token', 'id_token');
    const about = await annal.call('GET', '/t/default/oauth2/userinfo', { token: body['access_token'] as string });
    expect(about.body).to.include({ sub: ada.user, email: ada.email });
    expect(await errorOf(device), 'it works once').to.equal('invalid_grant');
  });

  it('are told to slow down, five seconds longer each time', async () => {
    const { device_code: device, interval } = await begin();
    expect(await errorOf(device)).to.equal('authorization_pending');
    expect(await errorOf(device)).to.equal('slow_down');
    annal.clock.advance(interval);
    expect(await errorOf(device)).to.equal('slow_down');
    annal.clock.advance(interval + 10);
    expect(await errorOf(device)).to.equal('authorization_pending');
  });

  it('hear that somebody said no', async () => {
    const { device_code: device, user_code: code } = await begin();
    await decide(ada, code, 'deny');
    const { status, body } = await poll(device);
    expect([status, body['error']]).to.deep.equal([400, 'access_denied']);
  });

  it('get nothing once their time is over, and neither does who says yes then', async () => {
    const { device_code: device, user_code: code, expires_in: seconds } = await begin();
    const [browser, page] = await askedOf(ada, code);
    annal.clock.advance(seconds);
    expect((await browser.press(page, { decision: 'agree' })).url).to.include('error=access_denied');
    expect(await errorOf(device)).to.equal('expired_token');
  });

  it('of another client are of no use, and are not spent by it', async () => {
    const { device_code: device, user_code: code } = await begin();
    await decide(ada, code, 'agree');
    const other = await registered({ grantTypes: [grantType] });
    expect(await errorOf(device, other)).to.equal('invalid_grant');
    expect((await poll(device)).status).to.equal(200);
  });

  it('one of many who redeem at once wins', async () => {
    const { device_code: device, user_code: code } = await begin();
    await decide(ada, code, 'agree');
    const answers = await many(20, () => poll(device));
    expect(answers.filter(({ status }) => status === 200).length).to.equal(1);
  });

  it('get nothing of somebody who was suspended after saying yes', async () => {
    const { device_code: device, user_code: code } = await begin();
    await decide(ada, code, 'agree');
    const suspended = `/api/v1/tenants/default/users/${ada.user}/suspend`;
    expect((await annal.call('POST', suspended, { body: { reason: 'x' }, token: admin })).status).to.be.below(300);
    expect(await errorOf(device)).to.equal('access_denied');
  });

  it('are agreed to by themselves each time, and decided once', async () => {
    const first = await begin();
    await decide(ada, first.user_code, 'agree');
    const second = await begin();
    const eve = await admitted(annal, admin);
    const [browser, page] = await askedOf(eve, second.user_code);
    await decide(ada, second.user_code, 'agree');
    expect((await browser.press(page, { decision: 'agree' })).url).to.include('error=access_denied');
    const { body } = await poll(second.device_code);
    const about = await annal.call('GET', '/t/default/oauth2/userinfo', { token: body['access_token'] as string });
    expect(about.body['sub']).to.equal(ada.user);
  });

  it('are unknown by a wrong code, and begin with what they may ask for', async () => {
    const browser = new Browser(annal);
    const page = await browser.press(await browser.open('/t/default/device'), { code: 'BBBB-BBBB' });
    expect(page.html).to.include('No device shows this code');
    const form = { client_id: client, scope: 'openid administration' };
    const path = '/t/default/oauth2/device_authorization';
    expect((await annal.call('POST', path, { form })).body['error']).to.equal('invalid_scope');
    const web = await registered({ redirectUris: ['https://app.example/cb'], applicationType: 'web' });
    const refused = await annal.call('POST', path, { form: { client_id: web, scope: 'openid' } });
    expect(refused.body['error']).to.equal('unauthorized_client');
  });
});
