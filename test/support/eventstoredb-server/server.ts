import { randomUUID } from 'node:crypto';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import type gossip from '@eventstore/db-client/generated/gossip_pb.js';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import {
  type sendUnaryData,
  Server,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
} from '@grpc/grpc-js';
import { appendBatched, appendPlain, type BatchedAppend } from './append-calls.js';
import { Connections } from './connections.js';
import { Faults } from './faults.js';
import { EventStoreLog } from './log.js';
import { proposedOf, type Refused, uuidOf } from './messages.js';
import { members, softDelete, supportedMethods, tombstone } from './other-calls.js';
import { type ReadCall, read, subscribe } from './read-calls.js';
import { type Node, Striking } from './striking.js';

export type ServerOptions = Readonly<{
  /** 0 (the default) takes any free port. */
  port?: number;
  /** Keeps the log in this file, synced per append; without it the log dies with the process. */
  dataFile?: string;
  /** Milliseconds since 1970, for `created`. */
  now?: () => number;
}>;

type Unary<Request, Response> = (call: ServerUnaryCall<Request, Response>, answer: sendUnaryData<Response>) => void;
type AppendCall = ServerReadableStream<streams.AppendReq, streams.AppendResp>;
type BatchCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;

/** A server that speaks the protocol of EventStoreDB 23.10, with faults on demand. */
export class EventStoreDbServer {
  readonly faults = new Faults();
  /** Reads and subscriptions that are still being served. */
  readonly open = { reads: 0, subscriptions: 0 };
  readonly log: EventStoreLog;
  port = 0;
  private readonly instance = randomUUID();
  private readonly server = new Server({ 'grpc.max_receive_message_length': 32 * 1024 * 1024 });
  private readonly connections = new Connections(this.server);
  private readonly striking = new Striking(this.faults, this.connections);
  private readonly endings = new Set<(error?: Refused) => void>();

  constructor(private readonly options: ServerOptions = {}) {
    this.log = new EventStoreLog(options.dataFile, options.now ?? Date.now);
    this.server.addService(StreamsService, {
      append: (call: AppendCall, answer: sendUnaryData<streams.AppendResp>) => this.append(call, answer),
      batchAppend: (call: BatchCall) => this.batchAppend(call),
      read: (call: ReadCall) => void this.read(call),
      delete: this.unary<streams.DeleteReq, streams.DeleteResp>('delete', (request) => softDelete(this.log, request)),
      tombstone: this.unary<streams.TombstoneReq, streams.TombstoneResp>('tombstone', (request) =>
        tombstone(this.log, request),
      ),
    });
    this.server.addService(ServerFeaturesService, {
      getSupportedMethods: this.unary<shared.Empty, features.SupportedMethods>('features', supportedMethods),
    });
    this.server.addService(GossipService, {
      read: this.unary<shared.Empty, gossip.ClusterInfo>('gossip', () =>
        members(this.instance, { host: '127.0.0.1', port: this.port }, this.striking.leader),
      ),
    });
  }

  async start(): Promise<this> {
    this.port = await this.connections.listen(this.options.port ?? 0);
    return this;
  }

  /** Ends at once, as a killed process would. */
  async stop(): Promise<void> {
    this.server.forceShutdown();
    await this.connections.close();
    this.log.close();
  }

  get connectionString(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  /** From now on another node leads; `undefined` makes this one the leader again. */
  follow(leader: Node | undefined): void {
    this.striking.leader = leader;
  }

  breakConnections(): void {
    this.connections.breakAll();
  }

  /** Ends every subscription: with OK, or with a status as a stopping server does. */
  endSubscriptions(error?: Refused): void {
    for (const end of this.endings) end(error);
  }

  private unary<Request, Response>(
    method: 'delete' | 'tombstone' | 'features' | 'gossip',
    work: (request: Request) => Response,
  ): Unary<Request, Response> {
    return (call, callback) => void this.striking.handle(method, call, answerTo(callback), () => work(call.request));
  }

  private append(call: AppendCall, callback: sendUnaryData<streams.AppendResp>): void {
    const requests: streams.AppendReq[] = [];
    call.on('data', (request: streams.AppendReq) => requests.push(request));
    call.on(
      'end',
      () => void this.striking.handle('append', call, answerTo(callback), () => appendPlain(this.log, requests)),
    );
  }

  private batchAppend(call: BatchCall): void {
    const pending = new Map<string, BatchedAppend>();
    const answer = {
      succeed: (response: streams.BatchAppendResp) => void call.write(response),
      fail: (error: Refused) => void call.emit('error', error),
    };
    call.on('data', (request: streams.BatchAppendReq) => {
      const id = uuidOf(request.getCorrelationId());
      const options = request.getOptions();
      if (options !== undefined) pending.set(id, { options, events: [] });
      const append = pending.get(id);
      append?.events.push(...request.getProposedMessagesList().map(proposedOf));
      if (append === undefined || !request.getIsFinal()) return;

      pending.delete(id);
      void this.striking.handle('batchAppend', call, answer, () =>
        appendBatched(this.log, append).setCorrelationId(request.getCorrelationId()),
      );
    });
    call.on('end', () => call.end());
  }

  private async read(call: ReadCall): Promise<void> {
    const subscription = call.request.getOptions()?.hasSubscription() ?? false;
    const fault = this.faults.take(subscription ? 'subscribe' : 'read');
    const fail = (error: Refused): void => void call.emit('error', error);
    this.count(subscription ? 'subscriptions' : 'reads', call);
    if (!(await this.striking.admit(fault, call, fail))) return;
    if (fault?.kind === 'end') return void call.end();
    if (fault?.kind === 'silence') return;

    const copies = fault?.kind === 'duplicate' ? 2 : 1;
    try {
      await (subscription ? this.subscribe(call, copies) : read(this.log, call, copies));
    } catch (error) {
      fail(error as Refused);
    }
  }

  private async subscribe(call: ReadCall, copies: number): Promise<void> {
    let end: (error?: Refused) => void = () => undefined;
    const stopped = new Promise<void>((resolve) => {
      end = (error) => {
        if (error === undefined) call.end();
        else call.emit('error', error);
        resolve();
      };
    });
    this.endings.add(end);
    await subscribe(this.log, call, copies, stopped);
    this.endings.delete(end);
  }

  private count(kind: 'reads' | 'subscriptions', call: ReadCall): void {
    this.open[kind] += 1;
    let counted = true;
    const close = (): void => {
      if (counted) this.open[kind] -= 1;
      counted = false;
    };
    for (const event of ['cancelled', 'finish', 'error', 'close']) call.once(event, close);
  }
}

const answerTo = <Response>(callback: sendUnaryData<Response>) => ({
  succeed: (response: Response) => callback(null, response),
  fail: (error: Refused) => callback(error),
});
