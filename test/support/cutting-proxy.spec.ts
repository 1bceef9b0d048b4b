import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { CuttingProxy } from './cutting-proxy.js';

describe('the proxy that cuts connections', () => {
  let server: Server;
  let proxy: CuttingProxy;
  let served: Promise<Socket>;

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    served = once(server, 'connection').then(([socket]) => (socket as Socket).on('error', () => undefined));
    await once(server, 'listening');
    proxy = await CuttingProxy.start({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  });
  afterEach(async () => {
    await proxy.stop();
    server.close();
  });

  /** A client that has sent a message, which the server has not answered yet. */
  async function asked(): Promise<Readonly<{ client: Socket; behind: Socket }>> {
    const client = connect(proxy.address);
    client.write('question');
    const behind = await served;
    await once(behind, 'data');
    return { client, behind };
  }

  it('dies when the message has been answered', async () => {
    proxy.dieAt({ messages: 1, when: 'unanswered' });
    const { client, behind } = await asked();
    behind.write('answer');
    await once(client, 'close');
    expect(proxy.heal()).to.equal(true);
  });

  it('lives on when the answer comes after nobody waits for it any more', async () => {
    proxy.dieAt({ messages: 1, when: 'unanswered' });
    const { client, behind } = await asked();
    expect(proxy.heal()).to.equal(false);
    behind.write('answer');
    const [answer] = (await once(client, 'data')) as [Buffer];
    expect(answer.toString()).to.equal('answer');
    expect(proxy.heal()).to.equal(false);
  });
});
