import { expect } from 'chai';
import { Annal, type Answer, password } from '../support/annal.js';
import { settle } from '../support/attacking.js';
import { api, newEmail, newPerson, newTenant, type Person, root } from '../support/people.js';

const unwanted: Readonly<Record<string, string>> = {
  'a line feed': 'Ada\nReply-To: eve@example.com',
  'a carriage return': 'Ada\rEve',
  'a tab': 'Ada\tEve',
  'an escape': '\u001b[31mAda',
  'a delete': 'Ada\u007f',
  'a next line of C1': 'Ada\u0085Eve',
  'a control sequence of C1': '\u009b31mAda',
  'a line separator': 'Ada\u2028Eve',
  'a paragraph separator': 'Ada\u2029Eve',
  'an embedding': 'Ada\u202aEve',
  'an override': 'Ada\u202egnp.exe',
  'an isolate': 'Ada\u2066Eve\u2069',
};
/** Names that people have: joined, accented, from right to left with a mark, with an emoji of several parts. */
const wanted = ['Zoë O’Neill-Ørsted', 'نیک‌پی', 'יעל\u200f', '𠮷野家', '👩‍👩‍👧'];

type Field = Readonly<{ pointer: string; write: (text: string) => Promise<Answer<Record<string, unknown>>> }>;

describe('text that others are shown', () => {
  let annal: Annal;
  let admin: string;
  let person: Person;
  let tenants = 0;

  before(async () => {
    annal = await Annal.start();
    admin = await root(annal);
    await newTenant(annal, 'named');
    const attributes = [{ name: 'team', required: false, maxLength: 100, values: [] }];
    await settle(annal, 'default', { registration: { attributes } });
    person = await newPerson(annal);
  });
  after(() => annal.stop());

  const asAdmin = (method: string, path: string, body: object) =>
    annal.call(method, `/api/v1/tenants${path}`, { body, token: admin });
  const register = (more: object) =>
    annal.call('POST', `${api}/registrations`, { body: { email: newEmail(), password, ...more } });
  const patch = (body: object) =>
    annal.call('PATCH', `${api}/me`, {
      body,
      token: person.accessToken,
      headers: { 'content-type': 'application/merge-patch+json' },
    });
  const suspended = async (reason: string) => {
    const answer = await asAdmin('POST', `/default/users/${person.user}/suspend`, { reason });
    await annal.call('POST', `/api/v1/tenants/default/users/${person.user}/reactivate`, { token: admin });
    return answer;
  };

  const fields: Readonly<Record<string, Field>> = {
    'the first name of whoever registers': { pointer: '/firstName', write: (firstName) => register({ firstName }) },
    'the last name of whoever registers': { pointer: '/lastName', write: (lastName) => register({ lastName }) },
    'an attribute': { pointer: '/attributes', write: (team) => register({ attributes: { team } }) },
    'a new first name': { pointer: '/firstName', write: (firstName) => patch({ firstName }) },
    'a new last name': { pointer: '/lastName', write: (lastName) => patch({ lastName }) },
    'a new attribute': { pointer: '/attributes', write: (team) => patch({ attributes: { team } }) },
    'the name of an account that an administrator makes': {
      pointer: '/firstName',
      write: (firstName) => asAdmin('POST', '/default/users', { email: newEmail(), firstName }),
    },
    'the name of a client': {
      pointer: '/name',
      write: (name) => asAdmin('POST', '/default/clients', { name, confidential: false }),
    },
    'the name of a new tenant': {
      pointer: '/name',
      write: (name) => asAdmin('POST', '', { slug: `named-${++tenants}`, name }),
    },
    'the reason of a suspension': { pointer: '/reason', write: suspended },
  };

  for (const [name, { pointer, write }] of Object.entries(fields)) {
    it(`is one line that runs in its own direction: ${name}`, async () => {
      for (const [what, text] of Object.entries(unwanted)) {
        const answer = await write(text);
        expect([answer.status, answer.body['code']], what).to.deep.equal([422, 'invalid-fields']);
        const { errors } = answer.body as { errors: { pointer: string; code: string }[] };
        const code = pointer === '/attributes' ? 'is-free-form' : 'is-one-line';
        expect(
          errors.map((error) => [error.pointer, error.code]),
          what,
        ).to.deep.equal([[pointer, code]]);
      }
      for (const text of wanted) expect((await write(text)).status, text).to.be.below(300);
    });
  }

  it('is one line: the subject of a message', async () => {
    const path = '/default/notification-templates/verify-email/en';
    const parts = { text: 'a\nb {{ link }}', html: '<p>\n{{ link }}</p>' };
    const { status, body } = await asAdmin('PUT', path, {
      parts: { ...parts, subject: 'Hello\r\nBcc: eve@example.com' },
    });
    expect([status, body['code']]).to.deep.equal([422, 'invalid-fields']);
    expect((await asAdmin('PUT', path, { parts: { ...parts, subject: 'Hello' } })).status).to.be.below(300);
  });
});
