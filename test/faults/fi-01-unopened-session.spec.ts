import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { Annal, type Answer, password } from '../support/annal.js';
import { HeldInstance } from '../support/held-instance.js';
import { api, newPerson, root, type SignInBody, signIn } from '../support/people.js';

const chosen = 'a longer correct horse battery staple';
/** Seconds after which a claim of an Idempotency-Key lapses whose holder died. */
const claimLapses = 31;

type Sessions = Readonly<{ sessions: readonly Readonly<{ id: string }>[] }>;
type History = Readonly<{ items: readonly Readonly<{ outcome: string; session?: string }>[] }>;

/** An instance dies in the middle of a sign-in: there is a session of which nobody ever had tokens. */
describe('FI-01 a session whose sign-in never came to its end', () => {
  let annal: Annal;
  let held: HeldInstance;

  before(async () => {
    annal = await Annal.start();
    held = await HeldInstance.beside(annal);
  });
  after(async () => {
    await held.stop();
    await annal.stop();
  });

  const signInWith = (at: Annal, identifier: string, key: string): Promise<Answer<SignInBody>> =>
    at.call('POST', `${api}/sign-in`, { body: { identifier, password }, headers: { 'idempotency-key': key } });

  /** What the person is told: the ids of the sessions, and of those in the history. */
  async function told(token: string): Promise<Readonly<{ sessions: readonly string[]; history: readonly string[] }>> {
    const { body } = await annal.call<Sessions>('GET', `${api}/me/sessions`, { token });
    const { body: past } = await annal.fresh<History>(`${api}/me/login-history`, token);
    const succeeded = past.items.filter(({ outcome }) => outcome === 'succeeded');
    return {
      sessions: body.sessions.map(({ id }) => id).sort(),
      history: succeeded.map(({ session }) => session ?? '').sort(),
    };
  }

  for (const category of ['session', 'grant', 'signin']) {
    it(`is told to nobody, and opened by a retry elsewhere: it stopped before it wrote to the ${category}`, async () => {
      const { email, accessToken } = await newPerson(annal);
      const before = await told(accessToken);
      const key = randomUUID();
      const stopped = held.engine.hold(category);
      const slow = signInWith(held.annal, email, key);
      await stopped.reached;
      expect(await told(accessToken)).to.deep.equal(before);

      annal.clock.advance(claimLapses);
      const retried = await signInWith(annal, email, key);
      expect(retried.status, retried.text).to.equal(200);
      const session = retried.body.tokens?.session ?? '';
      const opened = {
        sessions: [...before.sessions, session].sort(),
        history: [...before.history, session].sort(),
      };
      expect(await told(accessToken)).to.deep.equal(opened);

      stopped.release();
      expect((await slow).body.tokens?.session).to.equal(session);
      expect(await told(accessToken)).to.deep.equal(opened);
    });
  }

  it('is told to nobody, and opened by a retry elsewhere: it stopped at the end of a sign-in of several steps', async () => {
    const { email, user } = await newPerson(annal);
    const path = `/api/v1/tenants/default/users/${user}/require-password-change`;
    expect((await annal.call('POST', path, { token: await root(annal) })).status).to.equal(204);
    const { flow } = (await signIn(annal, email)).body;
    const headers = { 'idempotency-key': randomUUID() };
    const go = (at: Annal): Promise<Answer<SignInBody>> =>
      at.call('POST', `${api}/sign-in/continue`, { body: { flow, password: chosen }, headers });

    const stopped = held.engine.hold('signin');
    const slow = go(held.annal);
    await stopped.reached;
    const { accessToken = '', session = '' } = (await signIn(annal, email, chosen)).body.tokens ?? {};
    const before = await told(accessToken);
    expect(before.sessions).to.deep.equal([session]);

    annal.clock.advance(claimLapses);
    const retried = await go(annal);
    expect(retried.status, retried.text).to.equal(200);
    const sessions = [session, retried.body.tokens?.session ?? ''].sort();
    expect((await told(accessToken)).sessions).to.deep.equal(sessions);
    stopped.release();
    expect((await slow).body.tokens?.session).to.equal(retried.body.tokens?.session);
    expect((await told(accessToken)).sessions).to.deep.equal(sessions);
  });
});
