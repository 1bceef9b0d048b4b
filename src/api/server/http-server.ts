import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Entropy } from '../../application/ports/entropy.js';
import type { OperatorLog } from '../../application/ports/operator-log.js';
import { answerClientError } from './client-errors.js';
import type { HttpApplication } from './http-application.js';
import { readTlsFiles, type TlsFiles, watchTlsFiles } from './tls-files.js';

export type Listening = Readonly<{
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Serves https where given; changed files are taken over without a restart. */
  tls?: TlsFiles;
  /** Origin of the type of a problem. */
  origin: string;
}>;

/** Milliseconds. A slow or silent client holds a connection no longer than this. */
const timeouts = { headers: 10_000, request: 30_000, keepAlive: 5_000 };
const limits = { maxHeaderSize: 16_384, headersTimeout: timeouts.headers, requestTimeout: timeouts.request };

/** The listening socket: start answers where it listens, stop finishes what is under way. */
export class HttpServer {
  private readonly server: Server | TlsServer;
  private readonly connections = new Set<Socket>();
  /** The connection of each answer that has not ended. */
  private readonly underWay = new Map<ServerResponse, Socket>();
  private unwatch: () => void = () => undefined;
  private stopping = false;

  constructor(
    private readonly application: Pick<HttpApplication<never>, 'listener' | 'drain'>,
    private readonly listening: Listening,
    private readonly log: OperatorLog,
    entropy: Entropy,
  ) {
    const options = { ...limits, requireHostHeader: false, insecureHTTPParser: false };
    const { tls, origin } = listening;
    this.server = tls
      ? createTlsServer({ ...options, handshakeTimeout: timeouts.headers, ...readTlsFiles(tls) })
      : createServer(options);
    this.server.keepAliveTimeout = timeouts.keepAlive;
    this.server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
    this.server.on('request', (request, response) => this.follow(request.socket, response));
    this.server.on('request', application.listener());
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
      answerClientError(error, socket as Socket, origin, entropy.uuid()),
    );
  }

  /** @throws where the port is taken */
  start(): Promise<Readonly<{ host: string; port: number }>> {
    const { host, port, tls } = this.listening;
    if (tls !== undefined) this.unwatch = watchTlsFiles(tls, () => this.reloadTls(tls));
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        const bound = this.server.address() as AddressInfo;
        resolve({ host: bound.address, port: bound.port });
      });
    });
  }

  /** Takes over changed certificate files; a pair that does not fit is reported and the old one stays. */
  reloadTls(files: TlsFiles): void {
    try {
      (this.server as TlsServer).setSecureContext(readTlsFiles(files));
      this.log.info('tls-certificate-loaded');
    } catch (error) {
      this.log.error('tls-certificate-refused', {}, error);
    }
  }

  /** Takes no new connections, lets requests under way finish for at most `milliseconds`, then cuts what is left. */
  async stop(milliseconds = 10_000): Promise<void> {
    this.stopping = true;
    this.unwatch();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.application.drain();
    const busy = new Set(this.underWay.values());
    for (const socket of this.connections) if (!busy.has(socket)) socket.destroy();
    for (const response of this.underWay.keys()) announceEnd(response);
    const cut = setTimeout(() => this.server.closeAllConnections(), milliseconds);
    await closed;
    clearTimeout(cut);
  }

  private follow(socket: Socket, response: ServerResponse): void {
    if (this.stopping) announceEnd(response);
    this.underWay.set(response, socket);
    response.once('close', () => {
      this.underWay.delete(response);
      // The head of a stream was sent before anybody knew that the connection would end.
      if (this.stopping) socket.end();
    });
  }
}

function announceEnd(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
