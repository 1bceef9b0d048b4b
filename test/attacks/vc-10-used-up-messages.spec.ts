import { expect } from 'chai';
import { Annal, password } from '../support/annal.js';
import { many, nextMail, statuses, typesAfter } from '../support/attacking.js';
import { api, newEmail, newPerson, root, signIn } from '../support/people.js';

const perHour = 5;

/** A stranger has messages sent to somebody, so that the person gets none, or none that works. */
describe('attacks by using up somebody’s messages', () => {
  let annal: Annal;

  before(async () => {
    annal = await Annal.start();
  });
  after(() => annal.stop());

  const post = (path: string, body: object) => annal.call('POST', `${api}${path}`, { body });
  const askForReset = async (identifier: string) =>
    expect((await post('/password-resets', { identifier })).status).to.equal(202);
  const askForVerification = async (email: string) =>
    expect((await post('/verifications', { email })).status).to.equal(202);
  const reset = (token: string, secret: string) => post('/password-resets/confirm', { token, password: secret });
  const received = async (email: string, kind: string) =>
    (await annal.mailbox.list(50, email)).filter((one) => one.kind === kind).length;

  /** The links that arrive for so many requests, the oldest first. */
  async function links(
    email: string,
    kind: string,
    count: number,
    ask: (email: string) => Promise<unknown>,
    known = '',
  ): Promise<readonly string[]> {
    const tokens: string[] = [];
    for (let index = 0; index < count; index += 1) {
      await ask(email);
      tokens.push((await nextMail(annal, email, kind, tokens.at(-1) ?? known)).token);
    }
    return tokens;
  }

  it('VC-10: a stranger asks for resets over and over; the link that the person has works, and is the last that does', async () => {
    const { email } = await newPerson(annal);
    const tokens = await links(email, 'reset-password', perHour, askForReset);
    await many(20, () => askForReset(email));

    const chosen = `${password} of the person`;
    expect((await reset(tokens[0] as string, chosen)).status).to.equal(204);
    expect((await signIn(annal, email, chosen)).body.status).to.equal('signed-in');
    for (const token of tokens) expect((await reset(token, `${password} too late`)).status).to.equal(400);
    await askForReset(email);
    expect(await received(email, 'reset-password')).to.equal(perHour);
  });

  it('VC-10: the hour is used up before the person asks; the newest link still works then', async () => {
    const { email } = await newPerson(annal);
    const tokens = await links(email, 'reset-password', perHour, askForReset);
    annal.clock.advance(3_500);
    await askForReset(email);
    expect((await reset(tokens.at(-1) as string, `${password} 2`)).status).to.equal(204);

    const other = (await newPerson(annal)).email;
    const [first = ''] = await links(other, 'reset-password', 1, askForReset);
    annal.clock.advance(3_601);
    await askForReset(other);
    const second = await nextMail(annal, other, 'reset-password', first);
    expect((await reset(first, `${password} 2`)).status, 'expired').to.equal(400);
    expect((await reset(second.token, `${password} 2`)).status).to.equal(204);
  });

  it('VC-10: one mailbox gets no more, whichever names a stranger asks by', async () => {
    const [email, username] = [newEmail(), 'used.up'];
    const account = { body: { email, username, password, verified: true }, token: await root(annal) };
    await annal.call('POST', '/api/v1/tenants/default/users', account);
    const before = await annal.head();
    for (let time = 0; time < 10; time += 1) await Promise.all([email, username].map(askForReset));
    const asked = (await typesAfter(annal, before)).filter((type) => type === 'credentials.password-reset-requested');
    expect(asked).to.have.length(perHour);
  });

  it('VC-04: of the links that stand side by side one sets a password, also when all are used at once', async () => {
    const { email } = await newPerson(annal);
    const tokens = await links(email, 'reset-password', perHour, askForReset);
    const answers = await Promise.all(tokens.map((token, index) => reset(token, `${password} number ${index}`)));
    expect(statuses(answers)).to.deep.equal({ 204: 1, 400: perHour - 1 });
    const winner = answers.findIndex(({ status }) => status === 204);
    expect((await signIn(annal, email, `${password} number ${winner}`)).body.status).to.equal('signed-in');
  });

  it('VC-09: a code ends with the next one, so that no guess is tried on two', async () => {
    const { email } = await newPerson(annal);
    await askForReset(email);
    const first = await annal.mail(email, 'reset-password');
    await askForReset(email);
    const second = await nextMail(annal, email, 'reset-password', first.token);
    const byCode = (code: string) =>
      post('/password-resets/confirm', { identifier: email, code, password: `${password} 2` });
    if (first.code !== second.code) expect((await byCode(first.code)).status).to.equal(400);
    expect((await byCode(second.code)).status).to.equal(204);
    expect((await reset(first.token, `${password} 3`)).status).to.equal(400);
  });

  it('VC-10: a stranger asks for verifications over and over; the link that the person has works', async () => {
    const email = newEmail();
    await post('/registrations', { email, password });
    const { token } = await annal.mail(email, 'verify-email');
    await links(email, 'verify-email', perHour, askForVerification, token);
    await many(20, () => askForVerification(email));
    expect((await post('/verifications/confirm', { token })).status).to.equal(204);
    expect((await signIn(annal, email)).body.status).to.equal('signed-in');
    expect(await received(email, 'verify-email')).to.equal(1 + perHour);
  });
});
