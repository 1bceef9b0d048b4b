import { expect } from 'chai';
import { SingleUse } from '../../src/application/ports/single-use.js';
import { Annal, password } from '../support/annal.js';
import { api, newEmail, newPerson, type Person, root, signIn } from '../support/people.js';
import { Saboteur } from '../support/saboteur.js';

const users = '/api/v1/tenants/default/users';
const chosen = 'a passphrase that only its owner knows';
const stolen = 'a passphrase of somebody else altogether';

/** Links that were sent before something changed are kept for a moment when the service fails before it withdraws them. */
describe('attacks with links that nobody came round to withdrawing', () => {
  let annal: Annal;
  let admin: string;
  let saboteur: Saboteur;

  before(async () => {
    annal = await Annal.start();
    admin = await root(annal);
    saboteur = new Saboteur({ singleUse: annal.container.get(SingleUse) });
  });
  after(() => annal.stop());

  const post = (path: string, body: object, token?: string) =>
    annal.call('POST', path, { body, ...(token !== undefined && { token }) });
  const put = (path: string, body: object, token: string) => annal.call('PUT', path, { body, token });
  const confirmReset = (proof: object) => post(`${api}/password-resets/confirm`, { ...proof, password: stolen });

  async function askedForReset({ email }: Person): Promise<Readonly<{ token: string; code: string }>> {
    await post(`${api}/password-resets`, { identifier: email });
    return annal.mail(email, 'reset-password');
  }
  async function movedTo(address: string, { accessToken }: Person): Promise<string> {
    const asked = await put(`${api}/me/email`, { value: address, currentPassword: password }, accessToken);
    expect(asked.status, asked.text).to.equal(200);
    return (await annal.mail(address, 'verify-email')).token;
  }
  /** The command fails where it would withdraw what was sent before. */
  async function interrupted(command: () => Promise<unknown>): Promise<void> {
    const { failed } = await saboteur.fail('singleUse.revoke', 1, command);
    expect(failed, 'the command came to withdraw links').to.equal(true);
  }

  type Change = (person: Person) => Promise<unknown>;
  const changes: Readonly<Record<string, Change>> = {
    'the password was changed': ({ accessToken }) =>
      interrupted(() => post(`${api}/me/password`, { current: password, password: chosen }, accessToken)),
    'the address was changed by its owner': async (person) => {
      const token = await movedTo(newEmail(), person);
      await interrupted(() => post(`${api}/verifications/confirm`, { token }));
    },
    'the address was corrected by an administrator': ({ user }) =>
      interrupted(() => put(`${users}/${user}/email`, { value: newEmail(), verified: true }, admin)),
    'the account was suspended and is active again': async ({ user }) => {
      expect((await post(`${users}/${user}/suspend`, { reason: 'fraud' }, admin)).status).to.equal(204);
      expect((await post(`${users}/${user}/reactivate`, {}, admin)).status).to.equal(204);
    },
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`VC-07: a reset that was sent before ${what} sets no password`, async () => {
      const person = await newPerson(annal);
      const { token, code } = await askedForReset(person);

      await change(person);

      expect((await confirmReset({ token })).status).to.equal(400);
      expect((await confirmReset({ identifier: person.email, code })).status).to.equal(400);
      expect((await signIn(annal, person.email, stolen)).status).to.equal(401);
    });
  }

  it('VC-07: an address that waited when the password was new does not become the account’s though it was never withdrawn', async () => {
    const person = await newPerson(annal);
    const stranger = newEmail();
    const token = await movedTo(stranger, person);

    const body = { current: password, password: chosen };
    await interrupted(() => post(`${api}/me/password`, body, person.accessToken));

    expect((await post(`${api}/verifications/confirm`, { token })).status).to.equal(400);
    expect((await signIn(annal, stranger, chosen)).status).to.equal(401);
    expect((await signIn(annal, person.email, chosen)).status).to.equal(200);
  });
});
