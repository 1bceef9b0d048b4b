import { expect } from 'chai';
import { SingleUse } from '../../src/application/ports/single-use.js';
import { Annal, password } from '../support/annal.js';
import { HeldInstance } from '../support/held-instance.js';
import { admitted, api, newEmail, root, signedIn } from '../support/people.js';
import { Saboteur } from '../support/saboteur.js';

const chosen = 'a passphrase that only its owner knows';

/** Somebody who knows the password asks for another address; the owner has a new password before the message was made. */
describe('attacks with messages that are made late', () => {
  let annal: Annal;
  let held: HeldInstance;
  let saboteur: Saboteur;
  let admin: string;

  before(async () => {
    annal = await Annal.start({ roles: ['api'] });
    held = await HeldInstance.beside(annal);
    saboteur = new Saboteur({ singleUse: annal.container.get(SingleUse) });
    admin = await root(annal);
  });
  after(async () => {
    await held.stop();
    await annal.stop();
  });

  const moveTo = (at: Annal, value: string, token: string, currentPassword = password) =>
    at.call('PUT', `${api}/me/email`, { body: { value, currentPassword }, token });
  const change = (token: string) =>
    annal.call('POST', `${api}/me/password`, { body: { current: password, password: chosen }, token });

  /** Runs the outbox until the newest message to somebody has been sent, and with it all that were due before. */
  async function delivered(email: string, kind: string): Promise<void> {
    const outbox = await Annal.start({ roles: ['outbox'], place: annal.place, foundation: { clock: annal.clock } });
    try {
      await annal.mail(email, kind);
    } finally {
      await outbox.stop();
    }
  }
  async function kindsOf(user: string): Promise<readonly string[]> {
    const query = 'select kind from outbox_messages where subject = $1 order by sequence';
    return (await annal.database.pool.query<{ kind: string }>(query, [user])).rows.map(({ kind }) => kind);
  }

  it('VC-07: the service fails before it withdraws what was asked for; no link is made, nor when its owner asks for it again', async () => {
    const { email, user } = await admitted(annal, admin);
    const { accessToken } = await signedIn(annal, email);
    const stranger = newEmail();
    expect((await moveTo(annal, stranger, accessToken)).status).to.equal(200);
    const { failed } = await saboteur.fail('singleUse.revoke', 1, () => change(accessToken));
    expect(failed, 'the command came to withdraw what waits').to.equal(true);

    const { accessToken: token } = await signedIn(annal, email, chosen);
    await annal.call('POST', `${api}/me/email/verification`, { token });
    await delivered(email, 'password-changed');
    expect(await kindsOf(user)).to.deep.equal(['password-changed']);

    expect((await moveTo(annal, stranger, token, chosen)).status).to.equal(200);
    await delivered(stranger, 'verify-email');
    expect(await kindsOf(user)).to.deep.equal(['password-changed', 'verify-email']);
  });

  it('VC-07: a request whose password was right falls asleep until another is in force; no link is made', async () => {
    const { email, user } = await admitted(annal, admin);
    const { accessToken } = await signedIn(annal, email);
    const stopped = held.engine.hold('user');
    const slow = moveTo(held.annal, newEmail(), accessToken);
    await stopped.reached;
    expect((await change(accessToken)).status).to.equal(200);
    stopped.release();
    expect((await slow).status).to.equal(200);

    await delivered(email, 'password-changed');
    const { accessToken: token } = await signedIn(annal, email, chosen);
    const next = newEmail();
    expect((await moveTo(annal, next, token, chosen)).status).to.equal(200);
    await delivered(next, 'verify-email');
    expect(await kindsOf(user)).to.deep.equal(['password-changed', 'verify-email']);
  });
});
