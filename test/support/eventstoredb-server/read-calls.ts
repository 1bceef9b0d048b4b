import { randomUUID } from 'node:crypto';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { EventStoreLog } from './log.js';
import { eventMessage, invalidPosition, nameOf, streamDeleted } from './messages.js';
import type { Written } from './stored-event.js';

export type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;
type Options = streams.ReadReq.Options;

const BACKWARDS = streams.ReadReq.Options.ReadDirection.BACKWARDS;
/** Events looked at per filtered page where the client names no window. */
const WINDOW = 32;

/** Answers a read of one stream or of $all. */
export async function read(log: EventStoreLog, call: ReadCall, copies: number): Promise<void> {
  const options = call.request.getOptions() ?? new streams.ReadReq.Options();
  const stream = options.getStream();
  const matches = filterOf(options);
  const events =
    stream === undefined
      ? allEvents(log, options).filter(matches)
      : streamEvents(log, nameOf(stream.getStreamIdentifier()), stream, options);
  if (events === undefined) {
    const missing = new streams.ReadResp.StreamNotFound().setStreamIdentifier(stream?.getStreamIdentifier());
    await send(call, new streams.ReadResp().setStreamNotFound(missing));
  } else {
    const count = Number(options.getCount());
    for (const event of events.slice(0, count)) {
      for (let copy = 0; copy < copies; copy += 1) await send(call, eventMessage(event));
    }
  }
  call.end();
}

/** Answers a subscription until `stopped` settles or the client goes. */
export async function subscribe(
  log: EventStoreLog,
  call: ReadCall,
  copies: number,
  stopped: Promise<void>,
): Promise<void> {
  const options = call.request.getOptions() ?? new streams.ReadReq.Options();
  const matches = filterOf(options);
  const filter = options.getFilter();
  const interval = (filter?.getCheckpointintervalmultiplier() ?? 0) * (filter?.hasMax() ? filter.getMax() : WINDOW);
  let running = true;
  let wake = (): void => undefined;
  const stop = (): void => {
    running = false;
    wake();
  };
  call.once('cancelled', stop);
  void stopped.then(stop);
  const unsubscribe = log.onWrite(() => wake());
  await send(call, confirmation());

  let live = false;
  for (let next = firstOf(log, options), considered = 0; running; ) {
    const event = log.all[next];
    if (event === undefined) {
      if (!live) await send(call, new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()));
      live = true;
      if (running && log.all[next] === undefined) await new Promise<void>((resolve) => (wake = resolve));
      continue;
    }
    next += 1;
    considered += 1;
    for (let copy = 0; matches(event) && copy < copies; copy += 1) await send(call, eventMessage(event));
    if (interval > 0 && considered % interval === 0) await send(call, checkpoint(event));
  }
  unsubscribe();
}

function streamEvents(
  log: EventStoreLog,
  name: string,
  from: streams.ReadReq.Options.StreamOptions,
  options: Options,
): readonly Written[] | undefined {
  const content = log.read(name);
  if (content.kind === 'deleted') throw streamDeleted(name);
  if (content.kind === 'not-found') return undefined;

  if (options.getReadDirection() === BACKWARDS) {
    const last = from.hasEnd() ? content.last : from.hasStart() ? 0n : BigInt(from.getRevision());
    return content.events.filter(({ revision }) => revision <= last).toReversed();
  }
  const first = from.hasEnd() ? content.last + 1n : from.hasStart() ? 0n : BigInt(from.getRevision());
  return content.events.filter(({ revision }) => revision >= first);
}

/** Forwards from the position, backwards before it: the real server's reading of "from". */
function allEvents(log: EventStoreLog, options: Options): readonly Written[] {
  const all = options.getAll();
  const backwards = options.getReadDirection() === BACKWARDS;
  if (all?.hasPosition()) {
    const from = BigInt(all.getPosition()?.getCommitPosition() ?? 0);
    const index = indexOf(log, from);
    return backwards ? log.all.slice(0, index).toReversed() : log.all.slice(index);
  }
  return backwards === all?.hasEnd() ? (backwards ? log.all.toReversed() : log.all) : [];
}

/** A position inside a record cannot be read, as in the real server; one behind the end can. */
function indexOf(log: EventStoreLog, position: bigint): number {
  let low = 0;
  for (let high = log.all.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((log.all[middle]?.position ?? 0n) < position) low = middle + 1;
    else high = middle;
  }
  const found = log.all[low];
  if (found !== undefined && found.position !== position && position !== 0n) throw invalidPosition();

  return low;
}

/** Subscriptions start behind the given position. */
function firstOf(log: EventStoreLog, options: Options): number {
  const stream = options.getStream();
  if (stream !== undefined) {
    if (stream.hasEnd()) return log.all.length;
    const name = nameOf(stream.getStreamIdentifier());
    const after = stream.hasStart() ? -1n : BigInt(stream.getRevision());
    const index = log.all.findIndex((event) => event.stream === name && event.revision > after);
    return index < 0 ? log.all.length : index;
  }
  const all = options.getAll();
  if (all?.hasPosition()) return indexOf(log, BigInt(all.getPosition()?.getCommitPosition() ?? 0)) + 1;

  return all?.hasEnd() ? log.all.length : 0;
}

function filterOf(options: Options): (event: Written) => boolean {
  const stream = options.getStream();
  if (stream !== undefined) {
    const name = nameOf(stream.getStreamIdentifier());
    return (event) => event.stream === name;
  }
  const filter = options.getFilter();
  const expression = filter?.getStreamIdentifier() ?? filter?.getEventType();
  if (expression === undefined) return () => true;

  const regex = expression.getRegex() === '' ? undefined : new RegExp(expression.getRegex());
  const prefixes = expression.getPrefixList();
  const text = (event: Written): string => (filter?.hasStreamIdentifier() ? event.stream : event.type);
  return (event) => regex?.test(text(event)) ?? prefixes.some((prefix) => text(event).startsWith(prefix));
}

const confirmation = (): streams.ReadResp =>
  new streams.ReadResp().setConfirmation(
    new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID()),
  );

const checkpoint = ({ position }: Written): streams.ReadResp =>
  new streams.ReadResp().setCheckpoint(
    new streams.ReadResp.Checkpoint().setCommitPosition(String(position)).setPreparePosition(String(position)),
  );

/** Waits where the client reads more slowly than the server writes. */
async function send(call: ReadCall, message: streams.ReadResp): Promise<void> {
  if (call.cancelled || call.write(message)) return;

  await new Promise<void>((resolve) => {
    const proceed = (): void => {
      call.off('drain', proceed);
      call.off('cancelled', proceed);
      resolve();
    };
    call.on('drain', proceed);
    call.on('cancelled', proceed);
  });
}
