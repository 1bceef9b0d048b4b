import { type AddressInfo, createServer } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { mistakeOf } from '../../src/composition-root/startup-mistakes.js';
import { DataDirectoryInUse } from '../../src/infrastructure/postgres-supervisor/ownership.js';
import { RootKeyMissing } from '../../src/infrastructure/vault/root-keys.js';

describe('what keeps a service from starting', () => {
  const listening = { host: '127.0.0.1', port: 4000 };

  it('is said in the sentence that says what to do', () => {
    expect(mistakeOf(new DataDirectoryInUse('/data', '7'), listening)).to.contain('Stop it, or give this one');
    expect(mistakeOf(new RootKeyMissing('abc'), listening)).to.contain('copy the file root-key');
  });

  it('is said of a port that is taken, whatever the system calls that', async () => {
    const [first, second] = [createServer(), createServer()];
    first.listen(0, '127.0.0.1');
    await once(first, 'listening');
    const { port } = first.address() as AddressInfo;
    second.listen(port, '127.0.0.1');
    const [error] = await new Promise<[unknown]>((resolve) => second.once('error', (refused) => resolve([refused])));
    first.close();
    expect(mistakeOf(error, { ...listening, port })).to.equal(
      `Something listens on 127.0.0.1:${port} already. Stop it, or give this service another ANNAL_PORT.`,
    );
  });

  it('is a fault of ours, with its trace, in every other case', () => {
    expect(mistakeOf(new TypeError('x is not a function'), listening)).to.equal(undefined);
    expect(mistakeOf(Object.assign(new Error('read'), { code: 'EADDRINUSE' }), listening)).to.equal(undefined);
  });
});
