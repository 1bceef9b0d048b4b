import { expect } from 'chai';
import { Annal } from '../support/annal.js';
import { overTls } from '../support/browser.js';
import { RelyingParty } from '../support/conformance.js';
import { admitted, root } from '../support/people.js';

/** A page of another site makes the browser sign out. Its form brings no cookie (`SameSite=Lax`), but the answer may set one. */
describe('attacks that sign others out', () => {
  let annal: Annal;
  let admin: string;
  let victim: RelyingParty;
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
    admin = await root(annal);
    const client = await RelyingParty.register(annal, admin);
    victim = new RelyingParty(annal, admin, 'query', client, await admitted(annal, admin));
  });
  after(() => annal.stop());

  const foreignForm = (fields: Readonly<Record<string, string>>) =>
    fetch(`${annal.url}/t/default/oauth2/logout`, {
      method: 'POST',
      redirect: 'manual',
      headers: { accept: 'text/html', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams(fields),
    });

  it('a form without anything takes no cookie away', async () => {
    const { status, headers } = await foreignForm({});
    expect({ status, cookies: headers.getSetCookie() }).to.deep.equal({ status: 303, cookies: [] });
  });

  it('a form with the ID token of somebody else takes none away, and ends nobody else’s session', async () => {
    await victim.tokens();
    const attacker = victim.of(await admitted(annal, admin));
    const { id_token: hint } = await attacker.tokens();
    const { status, headers } = await foreignForm({ id_token_hint: hint });
    expect({ status, cookies: headers.getSetCookie() }).to.deep.equal({ status: 303, cookies: [] });
    expect((await victim.authorize({ prompt: 'none' })).answer).to.have.property('code');
  });

  it('a host that means something in a header field is no host', async () => {
    for (const uri of ['https://a;sandbox/cb', 'https://a,b.example/cb', "https://a'b.example/cb", 'https://a$b/cb']) {
      const body = { name: 'Shop', confidential: true, redirectUris: [uri] };
      const { status } = await annal.call('POST', '/api/v1/tenants/default/clients', { body, token: admin });
      expect(status, uri).to.equal(422);
    }
  });
});
