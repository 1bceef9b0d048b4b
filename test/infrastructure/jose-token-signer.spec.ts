import { expect } from 'chai';
import { JoseTokenSigner } from '../../src/infrastructure/jose-token-signer.js';

const algorithm = 'ES256';
const claims = { sub: 'ada', exp: 1 };

async function signingKey(signer: JoseTokenSigner, id: string) {
  return { id, algorithm, ...(await signer.generate(algorithm)) } as const;
}

describe('JoseTokenSigner', () => {
  const signer = new JoseTokenSigner();

  it('reads what it signed, the second time as the first', async () => {
    const key = await signingKey(signer, 'k1');
    const token = await signer.sign(key, 'at+jwt', claims);
    expect(signer.keyIdOf(token)).to.equal('k1');
    for (let time = 1; time <= 2; time++) expect(await signer.verify(key, 'at+jwt', token)).to.deep.equal(claims);
  });

  it('hands out claims that no caller can change for the next', async () => {
    const key = await signingKey(signer, 'k1');
    const token = await signer.sign(key, 'at+jwt', claims);
    const first = (await signer.verify(key, 'at+jwt', token)) as { sub: string };
    expect(() => (first.sub = 'eve')).to.throw(TypeError);
    expect(await signer.verify(key, 'at+jwt', token)).to.deep.equal(claims);
  });

  it('refuses a forged payload, header or signature of a token that was right before', async () => {
    const key = await signingKey(signer, 'k1');
    const token = await signer.sign(key, 'at+jwt', claims);
    await signer.verify(key, 'at+jwt', token);
    const [head = '', , signature = ''] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'eve' })).toString('base64url');
    expect(await signer.verify(key, 'at+jwt', `${head}.${forged}.${signature}`)).to.equal(undefined);
    const flipped = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
    expect(await signer.verify(key, 'at+jwt', token.replace(signature, flipped))).to.equal(undefined);
  });

  it('keeps a verdict to the key, the type and the token that it was passed on', async () => {
    const [key, other] = [await signingKey(signer, 'same'), await signingKey(signer, 'same')];
    const token = await signer.sign(key, 'at+jwt', claims);
    expect(await signer.verify(key, 'at+jwt', token)).to.deep.equal(claims);
    expect(await signer.verify(other, 'at+jwt', token), 'another key of that name').to.equal(undefined);
    expect(await signer.verify(key, 'logout+jwt', token), 'another type').to.equal(undefined);
    expect(await signer.verify({ ...key, algorithm: 'EdDSA' }, 'at+jwt', token).catch(() => 'refused')).to.be.oneOf([
      undefined,
      'refused',
    ]);
  });

  it('sees no key in what is no token', () => {
    const opaque = `annal_rt_${'0'.repeat(33)}.${'A'.repeat(43)}`;
    for (const text of ['', 'a.b', 'a.b.c.d', 'a..c', 'ä.b.c', `${'a'.repeat(9_000)}.b.c`, opaque]) {
      expect(signer.keyIdOf(text)).to.equal(undefined);
    }
  });
});
