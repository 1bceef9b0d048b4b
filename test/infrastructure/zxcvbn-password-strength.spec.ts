import { expect } from 'chai';
import { HashingBusy } from '../../src/application/ports/password-hasher.js';
import { defaults } from '../../src/domain/tenant/settings.js';
import { AdmissionControl } from '../../src/infrastructure/admission-control.js';
import { blocklistSize, isBlocked } from '../../src/infrastructure/blocklist.js';
import { ZxcvbnPasswordStrength } from '../../src/infrastructure/zxcvbn-password-strength.js';
import { rejection } from '../support/rejection.js';

const policy = defaults.password;
const scoring = { ...policy, blocklist: false, minScore: 3 };

describe('the blocklist', () => {
  it('has more than the 3,000 passwords asked for (NI-03, ASVS 6.2.4)', () => {
    expect(blocklistSize).to.be.above(3_000);
  });

  const blocked: readonly string[] = [
    'password',
    'PassWord',
    'ｐａｓｓｗｏｒｄ',
    'letmein',
    'passwordpassword',
    'letmeinletmeinlet',
    'aaaaaaaaaaaaaaa',
    'abcabcabcabcabcabc',
    '123456789012345',
    '987654321098765',
    'abcdefghijklmnop',
    'qwertyuiopasdfghjkl',
    'zyxwvutsrqponmlk',
    'qwertyuiop123456',
  ];
  for (const password of blocked) {
    it(`refuses ${password}`, () => {
      expect(isBlocked(password)).to.equal(true);
    });
  }

  const fine: readonly string[] = [
    'correct horse battery staple',
    'my password is secret',
    'xkq vbn password',
    'tangerine tangerine!',
    '',
    'ab',
    'qwertyuiop asdfgh',
    '語り部の白い鳥が歌う朝の光',
    'abcdXabcdYabcdZ',
  ];
  for (const password of fine) {
    it(`has nothing against ${password || 'an empty text'}`, () => {
      expect(isBlocked(password)).to.equal(false);
    });
  }

  it('judges a huge text at once', () => {
    expect(isBlocked(`${'ab'.repeat(50_000)}c`)).to.equal(false);
  });
});

describe('password strength by zxcvbn', () => {
  const strength = new ZxcvbnPasswordStrength();
  after(() => strength.stop());

  it('computes only what the policy asks for', async () => {
    const off = { ...policy, blocklist: false, minScore: 0 };

    expect(await strength.assess(off, 'password', [])).to.deep.equal({ blocked: false, score: 4 });
    expect(await strength.assess(policy, 'password', [])).to.deep.equal({ blocked: true, score: 4 });
  });

  it('scores from 0 to 4', async () => {
    expect(await strength.assess(scoring, 'password1', [])).to.deep.equal({ blocked: false, score: 0 });
    expect(await strength.assess(scoring, 'correct horse battery staple', [])).to.deep.equal({
      blocked: false,
      score: 4,
    });
  });

  it('finds words of the person easy to guess', async () => {
    const password = 'Wilhelmina Throckmorton';
    const without = await strength.assess(scoring, password, []);
    const withWords = await strength.assess(scoring, password, [
      'Wilhelmina',
      'Throckmorton',
      'Wilhelmina Throckmorton',
    ]);

    expect(withWords.score).to.be.below(without.score);
  });

  it('leaves the event loop free while it scores the hardest input', async () => {
    let turns = 0;
    let scored = false;
    const scoringDone = strength.assess(scoring, 'aA1!'.repeat(1_000), []).then(() => (scored = true));
    while (!scored) {
      turns += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await scoringDone;

    expect(turns).to.be.above(10);
  });

  it('answers after its thread was ended', async () => {
    await strength.assess(scoring, 'password1', []);
    await strength.stop();

    expect(await strength.assess(scoring, 'password1', [])).to.have.property('score', 0);
  });

  it('says so when the thread ends under it, and starts another', async () => {
    const doomed = rejection(strength.assess(scoring, 'aA1!'.repeat(25), []));
    await new Promise((resolve) => setImmediate(resolve));
    await strength.stop();

    expect(await doomed).to.have.property('message', 'the thread that scores passwords ended');
    expect(await strength.assess(scoring, 'password1', [])).to.have.property('score', 0);
  });

  it('refuses when too many wait', async () => {
    const busy = new ZxcvbnPasswordStrength(new AdmissionControl({ concurrency: 0, queue: 0, deadlineMs: 0 }));

    expect(await rejection(busy.assess(scoring, 'x', []))).to.be.instanceOf(HashingBusy);
  });
});
