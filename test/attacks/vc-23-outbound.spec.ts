import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { createServer, type Server as HttpsServer } from 'node:https';
import type { RequestListener, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { expect } from 'chai';
import { NotFetched, type OutboundRefusal } from '../../src/application/ports/outbound-http.js';
import { GuardedOutboundHttp } from '../../src/infrastructure/guarded-outbound-http.js';
import { isPublicAddress } from '../../src/infrastructure/public-addresses.js';
import { selfSigned } from '../support/self-signed.js';

const refusalOf = (work: Promise<unknown>): Promise<OutboundRefusal | 'read'> =>
  work.then(
    () => 'read' as const,
    (error: unknown) => {
      if (error instanceof NotFetched) return error.refusal;
      throw error;
    },
  );

/** Somebody names an address that the service is to read for them. */
describe('attacks by addresses that the service reads', () => {
  describe('VC-23: of this machine and the network around it', () => {
    let inside: Server;
    let port: number;
    let connections = 0;
    before(async () => {
      inside = createTcpServer((socket) => {
        connections += 1;
        socket.destroy();
      }).listen(0, '::');
      await once(inside, 'listening');
      ({ port } = inside.address() as AddressInfo);
    });
    after(() => inside.close());

    const hosts = [
      ...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '0x7f.1', '0', '0.0.0.0', '127.0.0.1.'],
      ...['localhost', 'localhost.', 'LOCALHOST', '[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]'],
      ...['[::ffff:7f00:1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]'],
      ...['169.254.169.254', '[::ffff:169.254.169.254]', '[fd00:ec2::254]', '[fe80::1]', '[ff02::1]', '10.0.0.1'],
      ...['172.16.0.1', '172.31.255.255', '192.168.1.1', '100.100.100.200', '192.0.0.192', '198.18.0.1', '224.0.0.1'],
      ...['255.255.255.255', '[2001:db8::1]', '[2001::1]', '[3fff::1]', '①②⑦.⓪.⓪.①', '１２７.0.0.1', '%31%32%37.0.0.1'],
    ];
    for (const host of hosts) {
      it(`https://${host} is not even called`, async () => {
        const before = connections;
        const refusal = await refusalOf(new GuardedOutboundHttp().json(`https://${host}:${port}/keys`));
        // With a dot at its end a name may mean nothing to the resolver of this machine.
        expect(refusal).to.be.oneOf([
          'forbidden-address',
          'not-https',
          ...(host === 'localhost.' ? ['not-found'] : []),
        ]);
        expect(connections).to.equal(before);
      });
    }

    const names = {
      'a private address': ['10.0.0.1'],
      'a public and a private address': ['8.8.8.8', '127.0.0.1'],
      'a mapped address': ['::ffff:127.0.0.1'],
      'a link-local address with its interface': ['fe80::1%lo'],
      nonsense: ['127.0.0.1 '],
    };
    for (const [kind, addresses] of Object.entries(names)) {
      it(`a name with ${kind} is not even called`, async () => {
        const before = connections;
        const resolve = async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
        const guard = new GuardedOutboundHttp({ resolve, isPublic: isPublicAddress });
        expect(await refusalOf(guard.json(`https://rebind.example:${port}/`))).to.equal('forbidden-address');
        expect(connections).to.equal(before);
      });
    }

    const addresses = [
      'http://example.com/',
      'file:///etc/passwd',
      'gopher://127.0.0.1:25/',
      'data:application/json,{}',
      'https://user:secret@example.com/',
      'https://user@example.com/',
      '//example.com/',
      'https://',
      '',
      `https://example.com/${'a'.repeat(2_048)}`,
    ];
    for (const address of addresses) {
      it(`${address.slice(0, 40) || 'nothing'} is no address of theirs`, async () => {
        expect(await refusalOf(new GuardedOutboundHttp().json(address))).to.equal('not-https');
      });
    }
  });

  describe('VC-23: of a server of their own', () => {
    let server: HttpsServer;
    let authority: string;
    let answer: RequestListener;
    let lookedUp = 0;
    before(async () => {
      const { certificate, key } = selfSigned('keys', 'keys.example');
      authority = certificate;
      server = createServer({ cert: certificate, key }, (request, response) => answer(request, response));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    });
    after(() => {
      server.closeAllConnections();
      server.close();
    });

    /** Where the name leads the first time; it leads elsewhere from then on. */
    function fetched(host = 'keys.example', patience = 5_000): Promise<unknown> {
      lookedUp = 0;
      const resolve = async () => {
        lookedUp += 1;
        return [{ address: lookedUp === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
      };
      const guard = new GuardedOutboundHttp({ resolve, isPublic: () => true, authority, patience });
      return guard.json(`https://${host}:${(server.address() as AddressInfo).port}/keys`);
    }

    it('is read where it answers as itself, and its name is looked up once', async () => {
      answer = (request, response) => response.end(JSON.stringify({ asked: request.headers.host, path: request.url }));
      const { port } = server.address() as AddressInfo;
      expect(await fetched()).to.deep.equal({ asked: `keys.example:${port}`, path: '/keys' });
      expect(lookedUp).to.equal(1);
    });

    it('is not believed to be another', async () => {
      answer = (_, response) => response.end('{}');
      expect(await refusalOf(fetched('other.example'))).to.equal('not-found');
    });

    it('leads nowhere else', async () => {
      for (const status of [301, 302, 303, 307, 308]) {
        answer = (_, response) => response.writeHead(status, { location: 'http://169.254.169.254/' }).end();
        expect(await refusalOf(fetched()), String(status)).to.equal('redirected');
      }
    });

    it('tells at most 64 KiB, whatever it says of their number', async () => {
      answer = (_, response) => response.end(JSON.stringify('x'.repeat(65_534)));
      expect(await fetched()).to.have.lengthOf(65_534);
      answer = (_, response) => response.end(JSON.stringify('x'.repeat(65_535)));
      expect(await refusalOf(fetched())).to.equal('too-large');
      answer = (_, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write('x'.repeat(16_384)));
          response.once('drain', more);
        };
        more();
      };
      expect(await refusalOf(fetched())).to.equal('too-large');
    });

    it('is given up when it takes its time: before it answers, and while it does', async () => {
      for (const slow of [() => undefined, (response: ServerResponse) => void response.writeHead(200).write('{')]) {
        answer = (_, response) => slow(response);
        expect(await refusalOf(fetched('keys.example', 100))).to.equal('too-slow');
      }
      const resolve = () => new Promise<never>(() => undefined);
      const guard = new GuardedOutboundHttp({ resolve, isPublic: () => true, patience: 20 });
      expect(await refusalOf(guard.json('https://nameless.example/'))).to.equal('too-slow');
    });

    it('is read by no more than 32 at once', async () => {
      const resolve = () => new Promise<never>(() => undefined);
      const guard = new GuardedOutboundHttp({ resolve, isPublic: () => true, patience: 100 });
      const all = Array.from({ length: 33 }, () => refusalOf(guard.json('https://nameless.example/')));
      expect((await Promise.all(all)).filter((one) => one === 'busy')).to.have.lengthOf(1);
    });

    it('says JSON, and that all is well', async () => {
      answer = (_, response) => response.end('<html>');
      expect(await refusalOf(fetched())).to.equal('not-json');
      answer = (_, response) => response.writeHead(404).end('{}');
      expect(await refusalOf(fetched())).to.equal('not-ok');
    });
  });
});
