import argon2 from 'argon2';
import { expect } from 'chai';
import { HashingBusy, PasswordTooLong, PepperMissing } from '../../src/application/ports/password-hasher.js';
import type { Verifier } from '../../src/domain/credentials/verifier.js';
import { AdmissionControl } from '../../src/infrastructure/admission-control.js';
import {
  Argon2PasswordHasher,
  type Argon2Parameters,
  type ComputeHash,
  owaspParameters,
  type Pepper,
} from '../../src/infrastructure/argon2-password-hasher.js';

const cheap: Argon2Parameters = { memoryKib: 64, passes: 1, lanes: 1 };
const dear: Argon2Parameters = { memoryKib: 128, passes: 2, lanes: 1 };
const open = new AdmissionControl({ concurrency: 2, queue: 1_000, deadlineMs: 600_000 });
const pepper = (id: string): Pepper => ({ id, secret: Buffer.from(`secret of ${id}`) });

/** Records every computation with what it costs. */
function counting(parameters = cheap, peppers: readonly Pepper[] = []) {
  const costs: string[] = [];
  const compute: ComputeHash = (password, options) => {
    costs.push(`m=${options.memoryCost},t=${options.timeCost},p=${options.parallelism}`);
    return argon2.hash(password, options);
  };

  return { costs, hasher: new Argon2PasswordHasher(open, parameters, peppers, compute) };
}

const failure = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('the argon2 password hasher', () => {
  const hasher = new Argon2PasswordHasher(open, cheap);

  it('defaults to the OWASP parameters and writes a PHC string that the argon2 library accepts', async () => {
    const verifier = await new Argon2PasswordHasher(open).hash('correct horse battery staple');

    expect(owaspParameters).to.deep.equal({ memoryKib: 19_456, passes: 2, lanes: 1 });
    expect(verifier.phc).to.match(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(verifier).not.to.have.property('pepper');
    expect(await argon2.verify(verifier.phc, 'correct horse battery staple')).to.equal(true);
  });

  it('tells right from wrong, and salts every hash anew', async () => {
    const [one, two] = [await hasher.hash('a long enough secret'), await hasher.hash('a long enough secret')];

    expect(one.phc).not.to.equal(two.phc);
    expect(await hasher.verify(one, 'a long enough secret')).to.deep.equal({ matches: true, outdated: false });
    expect(await hasher.verify(one, 'A long enough secret')).to.deep.equal({ matches: false, outdated: false });
  });

  it('verifies what other implementations wrote, whatever the order of the parameters', async () => {
    const phc = await argon2.hash('imported secret', { type: 1, memoryCost: 64, timeCost: 3, parallelism: 1 });
    const reordered = phc.replace(/m=(\d+),t=(\d+),p=(\d+)/, 'm=$1,p=$3,t=$2');

    expect(reordered).not.to.equal(phc);
    expect(await hasher.verify({ phc: reordered }, 'imported secret')).to.deep.equal({ matches: true, outdated: true });
  });

  it('takes composed and decomposed spellings for one password (NI-02)', async () => {
    expect((await hasher.verify(await hasher.hash('caf\u00e9 \ufb01ne'), 'cafe\u0301 fine')).matches).to.equal(true);
  });

  it('truncates nothing: passwords that differ only at the end differ (NI-02)', async () => {
    for (const length of [73, 1_000, 1_024]) {
      const verifier = await hasher.hash(`${'x'.repeat(length - 1)}a`);
      expect((await hasher.verify(verifier, `${'x'.repeat(length - 1)}b`)).matches).to.equal(false);
      expect((await hasher.verify(verifier, `${'x'.repeat(length - 1)}a`)).matches).to.equal(true);
    }
  });

  it('takes 1,024 code points of four bytes and refuses one byte more before hashing', async () => {
    const { hasher: counted, costs } = counting();
    const longest = '\u{1F511}'.repeat(1_024);

    expect((await counted.verify(await counted.hash(longest), longest)).matches).to.equal(true);
    expect(await failure(counted.hash(`${longest}x`))).to.be.instanceOf(PasswordTooLong);
    expect(costs).to.have.length(2);
  });

  describe('computes exactly one hash (VC-11, Keycloak #51887)', () => {
    const real = counting().hasher.hash('the right password');
    const cases: readonly [string, () => Promise<Verifier | undefined>, string][] = [
      ['the right password', () => real, 'the right password'],
      ['a wrong password', () => real, 'a wrong password'],
      ['an empty password', () => real, ''],
      ['a password that is too long', () => real, 'x'.repeat(5_000)],
      ['a huge password', () => real, 'x'.repeat(1_000_000)],
      ['no account', async () => undefined, 'a wrong password'],
      ['no account and an empty password', async () => undefined, ''],
      ['a verifier that is no PHC string', async () => ({ phc: 'plaintext!' }), 'plaintext!'],
      ['an empty verifier', async () => ({ phc: '' }), ''],
      ['a bcrypt hash', async () => ({ phc: '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy' }), 'x'],
      [
        'memory that nobody has',
        async () => ({ phc: (await real).phc.replace('m=64', 'm=99999999') }),
        'the right password',
      ],
      ['endless passes', async () => ({ phc: (await real).phc.replace('t=1', 't=99999999') }), 'the right password'],
      ['a missing digest', async () => ({ phc: (await real).phc.replace(/\$[^$]*$/, '') }), 'the right password'],
    ];
    for (const [name, verifier, password] of cases) {
      it(`for ${name}, at the cost in force`, async () => {
        const { hasher: counted, costs } = counting();
        const { matches } = await counted.verify(await verifier(), password);

        expect(costs).to.deep.equal(['m=64,t=1,p=1']);
        expect(matches).to.equal(name === 'the right password');
      });
    }

    it('for a verifier of older parameters too', async () => {
      const { hasher: counted, costs } = counting(dear);
      await counted.verify(await real, 'a wrong password');

      expect(costs).to.have.length(1);
    });
  });

  it('asks for a new hash when the parameters in force are others', async () => {
    const verifier = await hasher.hash('a long enough secret');
    const stronger = new Argon2PasswordHasher(open, dear);

    expect(await stronger.verify(verifier, 'a long enough secret')).to.deep.equal({ matches: true, outdated: true });
    const renewed = await stronger.hash('a long enough secret');
    expect(await stronger.verify(renewed, 'a long enough secret')).to.deep.equal({ matches: true, outdated: false });
  });

  describe('with peppers', () => {
    const first = new Argon2PasswordHasher(open, cheap, [pepper('2026')]);
    const rotated = new Argon2PasswordHasher(open, cheap, [pepper('2027'), pepper('2026')]);

    it('mixes the pepper in and names it', async () => {
      const verifier = await first.hash('a long enough secret');

      expect(verifier.pepper).to.equal('2026');
      expect(verifier.phc).not.to.contain('2026');
      expect(await argon2.verify(verifier.phc, 'a long enough secret')).to.equal(false);
      expect(await first.verify(verifier, 'a long enough secret')).to.deep.equal({ matches: true, outdated: false });
    });

    it('still verifies under a former pepper, and under none, and asks for a new hash', async () => {
      const outdated = { matches: true, outdated: true };

      expect(await rotated.verify(await first.hash('secret one'), 'secret one')).to.deep.equal(outdated);
      expect(await rotated.verify(await hasher.hash('secret two'), 'secret two')).to.deep.equal(outdated);
    });

    it('does not take a pepper that is gone for a wrong password, and costs the same', async () => {
      const { hasher: counted, costs } = counting(cheap, [pepper('2027')]);
      const error = await failure(counted.verify(await first.hash('secret'), 'secret'));

      expect(error).to.be.instanceOf(PepperMissing).with.property('pepper', '2026');
      expect(costs).to.have.length(1);
    });
  });

  it('computes nothing when it is busy', async () => {
    let finish = (): void => undefined;
    const gate = new AdmissionControl({ concurrency: 1, queue: 0, deadlineMs: 1_000 });
    const blocked = gate.run(() => new Promise<void>((resolve) => (finish = resolve)));
    let computed = 0;
    const busy = new Argon2PasswordHasher(gate, cheap, [], (password, options) => {
      computed += 1;
      return argon2.hash(password, options);
    });

    expect(await failure(busy.verify(undefined, 'x'))).to.be.instanceOf(HashingBusy);
    expect(computed).to.equal(0);
    finish();
    await blocked;
  });
});
