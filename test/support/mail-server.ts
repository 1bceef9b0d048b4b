import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';

/** What becomes of a message; `accept-silently` takes it and cuts the line before saying so. */
export type Reception = 'accept' | 'accept-silently' | Readonly<{ refuse: number; text: string }>;

/** An SMTP server on loopback that keeps what it accepts. */
export class MailServer {
  readonly received: Email[] = [];
  readonly envelopes: string[][] = [];
  /** Asked for every recipient. */
  recipient: (address: string) => Reception = () => 'accept';
  /** Asked for every message; may take its time. */
  message: (mail: Email) => Reception | Promise<Reception> = () => 'accept';
  private server: SMTPServer | undefined;
  private readonly sockets = new Map<string, Socket>();
  private port = 0;

  constructor(private readonly options: SMTPServerOptions = {}) {}

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** Again on the same port after a stop. */
  async start(): Promise<this> {
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      onRcptTo: ({ address }, _session, done) => done(refusal(this.recipient(address))),
      onData: (stream, session, done) => {
        buffer(stream)
          .then((bytes) => this.take(bytes, session))
          .then((reception) => {
            if (reception !== 'accept-silently') return done(refusal(reception));
            this.sockets.get(session.id)?.destroy();
          })
          .catch((error: Error) => done(error));
      },
      onConnect: (session, done) => {
        for (const connection of server.connections) {
          const { session: known, _socket: socket } = connection as unknown as {
            session: { id: string };
            _socket: Socket;
          };
          if (known.id === session.id) this.sockets.set(session.id, socket);
        }
        done();
      },
      ...this.options,
    });
    server.on('error', () => undefined);
    this.server = server;
    await new Promise<void>((resolve) => void server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    for (const socket of this.sockets.values()) socket.destroy();
    this.sockets.clear();
    await new Promise<void>((resolve) => server.close(resolve));
  }

  private async take(bytes: Buffer, { envelope }: SMTPServerSession): Promise<Reception> {
    const mail = await PostalMime.parse(bytes);
    const reception = await this.message(mail);
    if (typeof reception === 'string') {
      this.received.push(mail);
      this.envelopes.push(envelope.rcptTo.map(({ address }) => address));
    }
    return reception;
  }
}

function refusal(reception: Reception): Error | undefined {
  return typeof reception === 'string'
    ? undefined
    : Object.assign(new Error(reception.text), { responseCode: reception.refuse });
}
