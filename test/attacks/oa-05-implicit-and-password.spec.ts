import { expect } from 'chai';
import { Annal, password } from '../support/annal.js';
import { overTls } from '../support/browser.js';
import { RelyingParty } from '../support/conformance.js';
import { admitted, root } from '../support/people.js';

/** Somebody asks for tokens through the browser, or for a password to be enough. */
describe('attacks by flows that are not there', () => {
  let annal: Annal;
  let rp: RelyingParty;
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
    const admin = await root(annal);
    const client = await RelyingParty.register(annal, admin);
    rp = new RelyingParty(annal, admin, 'query', client, await admitted(annal, admin));
  });
  after(() => annal.stop());

  const types = ['token', 'id_token', 'code token', 'code id_token', 'id_token token', 'code id_token token', 'none'];
  for (const type of types) {
    it(`OA-05: response_type=${type} is refused`, async () => {
      const { answer, page } = await rp.authorize({ response_type: type });
      expect(answer['error']).to.equal('unsupported_response_type');
      expect(page.url).not.to.include('access_token').and.not.to.include('id_token=');
    });
  }

  it('OA-05: a password is traded for nothing', async () => {
    const { status, body } = await rp.token({ grant_type: 'password', username: rp.person.email, password });
    expect([status, body['error']]).to.deep.equal([400, 'unsupported_grant_type']);
  });

  for (const mode of ['fragment', 'web_message', 'query.jwt']) {
    it(`OA-16: response_mode=${mode} is refused: nothing is posted to a window`, async () => {
      const { page } = await rp.authorize({ response_mode: mode });
      expect([page.status, page.headers.get('location')]).to.deep.equal([400, null]);
    });
  }
});
