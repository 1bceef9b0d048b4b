import { createServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';
import { type Server, ServerCredentials } from '@grpc/grpc-js';

/** Accepts the sockets itself and hands them to the gRPC server, so that a fault can break any one of them. */
export class Connections {
  private readonly sockets = new Map<string, Socket>();
  private readonly listener: NetServer;
  private readonly injector: ReturnType<Server['createConnectionInjector']>;

  constructor(grpc: Server) {
    this.injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
    this.listener = createServer((socket) => this.accept(socket));
  }

  /** Listens on the loopback address; 0 takes any free port. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.listener.once('error', reject);
      this.listener.listen(port, '127.0.0.1', resolve);
    });
    return (this.listener.address() as AddressInfo).port;
  }

  /** @param peer as `call.getPeer()` names it */
  break(peer: string): void {
    this.sockets.get(peer)?.destroy();
  }

  breakAll(): void {
    for (const socket of this.sockets.values()) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.listener.close(() => resolve()));
    this.breakAll();
    this.injector.destroy();
    await closed;
  }

  private accept(socket: Socket): void {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    this.sockets.set(peer, socket);
    socket.once('close', () => this.sockets.delete(peer));
    socket.on('error', () => socket.destroy());
    this.injector.injectConnection(socket);
  }
}
