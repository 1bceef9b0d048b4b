import { expect } from 'chai';
import { Annal, password } from '../support/annal.js';
import { eventsAfter } from '../support/attacking.js';
import { api, newEmail, newPerson, root } from '../support/people.js';

const script = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'java\tscript:alert(1)',
  'vbscript:msgbox(1)',
  'data:text/html,<script>alert(1)</script>',
  'data:image/svg+xml,<svg onload=alert(1)>',
  'blob:https://example.org/1',
  'file:///etc/passwd',
  '//example.org/ada.png',
  'ada.png',
  'https:ada.png',
  'https://example.org/"onerror="alert(1)',
  'https://example.org/<script>',
  'https://example.org/a b',
  'https://example.org/a\r\nX: y',
  'https://example.org\\@evil.example/',
  'https://ada:secret@example.org/ada.png',
  '',
];

/** Somebody puts into an account what a page that shows it would run. */
describe('attacks by scripts in accounts', () => {
  let annal: Annal;
  const users = '/api/v1/tenants/default/users';

  before(async () => {
    annal = await Annal.start();
  });
  after(() => annal.stop());

  it('VC-21: somebody’s picture is a script, not the address of one; no door takes it, and nothing is recorded', async () => {
    const [person, admin] = [await newPerson(annal), await root(annal)];
    const before = await annal.head();
    const doors = (picture: string) => [
      annal.call('POST', `${api}/registrations`, { body: { email: newEmail(), password, picture } }),
      annal.call('PATCH', `${api}/me`, { body: { picture }, token: person.accessToken }),
      annal.call('POST', users, { body: { email: newEmail(), picture }, token: admin }),
      annal.call('PATCH', `${users}/${person.user}`, { body: { picture }, token: admin }),
    ];
    for (const picture of script) {
      for (const { status, body } of await Promise.all(doors(picture))) {
        expect(status, JSON.stringify(picture)).to.equal(422);
        expect(body['errors'], JSON.stringify(picture)).to.have.nested.property('[0].pointer', '/picture');
      }
    }
    expect(await eventsAfter(annal, before)).to.deep.equal([]);
  });

  it('takes the address of a picture, and lets it be removed', async () => {
    const { accessToken: token } = await newPerson(annal);
    for (const picture of ['https://example.org/ada.png?size=1#x', 'http://localhost:8080/~ada/%C3%A4.png']) {
      const { body } = await annal.call('PATCH', `${api}/me`, { body: { picture }, token });
      expect(body).to.include({ picture });
    }
    expect((await annal.call('PATCH', `${api}/me`, { body: { picture: null }, token })).body).not.to.have.property(
      'picture',
    );
  });
});
