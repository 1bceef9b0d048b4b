import { expect } from 'chai';
import { AdmissionControl, hashingLimits } from '../../src/infrastructure/admission-control.js';
import { Argon2PasswordHasher, owaspParameters } from '../../src/infrastructure/argon2-password-hasher.js';
import { hashesAtOnce } from '../../src/thread-pool.js';
import { Annal, type Answer, password } from '../support/annal.js';
import { api, newPerson, signIn } from '../support/people.js';

const full = process.env['ANNAL_TEST_FULL'] === '1';
/** More than may wait, in both. */
const storm = full ? 500 : 200;

describe(`FI-20 ${storm} sign-ins at once, with hashes that cost what they cost in production`, function () {
  this.timeout(120_000);
  let annal: Annal;

  before(async () => {
    const gate = new AdmissionControl(hashingLimits(hashesAtOnce));
    annal = await Annal.start({ roles: ['api', 'outbox'], hasher: new Argon2PasswordHasher(gate, owaspParameters) });
  });
  after(() => annal.stop());

  it('turns away at once whom it cannot serve in time, and serves everything else meanwhile', async () => {
    const { email, accessToken, refreshToken } = await newPerson(annal);
    let signedIn = 0;
    const signIns = Array.from({ length: storm }, async () => {
      const answer = await signIn(annal, email, password);
      signedIn += 1;
      return answer;
    });
    const meanwhile: Answer<unknown>[] = [];
    while (meanwhile.length < 3 || signedIn < storm / 2) {
      meanwhile.push(await annal.call('GET', '/t/default/jwks.json'));
      meanwhile.push(await annal.call('GET', `${api}/me`, { token: accessToken }));
    }
    const refreshed = await annal.call('POST', `${api}/tokens/refresh`, { body: { refreshToken } });
    const answers = await Promise.all(signIns);

    expect(new Set(meanwhile.map(({ status }) => status))).to.deep.equal(new Set([200]));
    expect(refreshed.status).to.equal(200);
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses]).to.include.members([200, 503]);
    // 429 where one account has too many tries under way.
    expect([200, 429, 503]).to.include.members([...statuses]);
    for (const { headers } of answers.filter(({ status }) => status !== 200)) {
      expect(Number(headers.get('retry-after'))).to.be.greaterThan(0);
    }
    const afterwards = await signIn(annal, email, password);
    expect(afterwards.status).to.equal(200);
  });
});
