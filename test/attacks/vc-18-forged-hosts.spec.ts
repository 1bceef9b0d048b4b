import { expect } from 'chai';
import { type Annal, password } from '../support/annal.js';
import { AttackedService, mounts, pathOf } from '../support/attacked-service.js';
import { api, newEmail } from '../support/people.js';
import { rawHttp } from '../support/raw-http.js';

const evil = 'evil.example';

/** Somebody claims to have reached the service under another name. */
describe('attacks with forged hosts', () => {
  let service: AttackedService;
  let annal: Annal;
  let admin: string;

  before(async () => {
    service = await AttackedService.start();
    ({ annal, admin } = service);
  });
  after(() => service.stop());

  it('VC-18: somebody asks for mail under another host’s name; every link in it leads to the configured origin', async () => {
    const fields = [
      'X-Forwarded-Host',
      'X-Forwarded-Server',
      'X-Forwarded-Proto',
      'X-Forwarded-Prefix',
      'X-Original-URL',
      'X-Rewrite-URL',
      'X-Host',
      'X_Forwarded_Host',
      'Origin',
      'Referer',
    ];
    const post = async (path: string, body: object, token?: string) => {
      const text = JSON.stringify(body);
      const head = [
        `POST ${path} HTTP/1.1`,
        `Host: ${evil}`,
        ...fields.map((name) => `${name}: ${evil}`),
        `Forwarded: host=${evil};proto=https`,
        'Content-Type: application/json',
        `Content-Length: ${Buffer.byteLength(text)}`,
        ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
        'Connection: close',
      ];
      const answer = await rawHttp(service.port, `${head.join('\r\n')}\r\n\r\n${text}`);
      expect(answer.status, answer.body).to.be.within(200, 299);
      expect(answer.head + answer.body).not.to.contain(evil);
      return answer;
    };
    const [email, invited] = [newEmail(), newEmail()];
    await post(`${api}/registrations`, { email, password });
    const verification = await annal.mail(email, 'verify-email');
    await post(`${api}/registrations`, { email, password });
    const again = await annal.mail(email, 'already-registered');
    await post(`${api}/password-resets`, { identifier: email });
    const reset = await annal.mail(email, 'reset-password');
    const created = await post(`${api}/users`, { email: invited }, admin);
    expect(created.head.toLowerCase()).to.contain('location: http://localhost:4000/t/default/api/v1/users/');
    const invitation = await annal.mail(invited, 'invitation');
    for (const { text, kind } of [verification, again, reset, invitation]) {
      const links = text.match(/https?:\/\/[^\s"<>)]+/g) ?? [];
      expect(links, kind).not.to.deep.equal([]);
      for (const link of links) expect(new URL(link).origin, kind).to.equal('http://localhost:4000');
      expect(text).not.to.contain(evil);
    }
    const { rows } = await annal.database.pool.query<{ mail: string }>(
      'select m::text as mail from development_mailbox m',
    );
    expect(rows.map(({ mail }) => mail).join()).not.to.contain(evil);
  });

  it('VC-18: somebody reads every public page and document under another host’s name; none repeats it', async () => {
    const forged = [
      'Host',
      'X-Forwarded-Host',
      'X-Forwarded-Server',
      'X-Original-Host',
      'X-Original-URL',
      'X_Forwarded_Host',
    ];
    const paths = mounts
      .filter(({ route }) => route.method === 'get' && route.access === 'public')
      .map((mount) => pathOf(mount, 'not-found'));
    expect(paths.length).to.be.above(8);
    for (const path of paths) {
      const fields = forged.map((name) => `${name}: ${evil}`).join('\r\n');
      const forwarded = `Forwarded: for=1.2.3.4;host=${evil};proto=evil.example\r\nX-Forwarded-Proto: evil.example`;
      const request = `GET ${path} HTTP/1.1\r\n${fields}\r\n${forwarded}\r\nConnection: close\r\n\r\n`;
      const { status, head, body } = await rawHttp(service.port, request);
      expect(status, path).to.be.below(500);
      expect(head + body, path).not.to.match(/evil\.example/);
    }
  });
});
