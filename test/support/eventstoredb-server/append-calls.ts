import shared from '@eventstore/db-client/generated/shared_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { status } from '@grpc/grpc-js';
import type { EventStoreLog } from './log.js';
import { identifierOf, nameOf, proposedOf, Refused, streamDeleted, tooLarge } from './messages.js';
import type { AppendOutcome, Expected, Proposed } from './stored-event.js';

/** MaxAppendSize of servers up to 25.0: the data and metadata of a whole append, in bytes. */
export const MAX_APPEND_SIZE = 1024 * 1024;

type ExactOptions = Readonly<{
  hasNoStream(): boolean;
  hasAny(): boolean;
  hasStreamExists(): boolean;
}>;

export function expectedOf(options: ExactOptions, revision: string): Expected {
  if (options.hasNoStream()) return -1n;
  if (options.hasAny()) return 'any';

  return options.hasStreamExists() ? 'stream-exists' : BigInt(revision);
}

/** The plain append: options first, then one message per event. */
export function appendPlain(log: EventStoreLog, requests: readonly streams.AppendReq[]): streams.AppendResp {
  const options = requests[0]?.getOptions();
  if (options === undefined) throw new Refused(status.INTERNAL, 'the first message must carry the options');

  const stream = nameOf(options.getStreamIdentifier());
  const events = requests.flatMap((request) => request.getProposedMessage() ?? []).map(proposedOf);
  checkSize(events);
  const outcome = log.append(stream, expectedOf(options, options.getRevision()), events);

  return plainResponse(stream, options, outcome);
}

function plainResponse(stream: string, options: streams.AppendReq.Options, outcome: AppendOutcome): streams.AppendResp {
  switch (outcome.kind) {
    case 'written': {
      const at = String(outcome.position);
      const position = new streams.AppendResp.Position().setCommitPosition(at).setPreparePosition(at);
      const success = new streams.AppendResp.Success()
        .setPosition(position)
        .setCurrentRevision(String(outcome.revision));
      return new streams.AppendResp().setSuccess(success);
    }
    case 'wrong-version': {
      const wrong = new streams.AppendResp.WrongExpectedVersion();
      if (options.hasNoStream()) wrong.setExpectedNoStream(new shared.Empty());
      else if (options.hasAny()) wrong.setExpectedAny(new shared.Empty());
      else if (options.hasStreamExists()) wrong.setExpectedStreamExists(new shared.Empty());
      else wrong.setExpectedRevision(options.getRevision());
      if (outcome.current < 0n) wrong.setCurrentNoStream(new shared.Empty());
      else wrong.setCurrentRevision(String(outcome.current));
      return new streams.AppendResp().setWrongExpectedVersion(wrong);
    }
    case 'deleted':
      throw streamDeleted(stream);
  }
}

/** One append of a batch stream, its messages collected until the final one. */
export type BatchedAppend = { options: streams.BatchAppendReq.Options; events: Proposed[] };

export function appendBatched(log: EventStoreLog, { options, events }: BatchedAppend): streams.BatchAppendResp {
  const stream = nameOf(options.getStreamIdentifier());
  const response = new streams.BatchAppendResp().setStreamIdentifier(identifierOf(stream));
  if (sizeOf(events) > MAX_APPEND_SIZE) {
    const details = new shared.MaximumAppendSizeExceeded().setMaxappendsize(MAX_APPEND_SIZE);
    return response.setError(packed('MaximumAppendSizeExceeded', details.serializeBinary()));
  }
  const outcome = log.append(stream, expectedOf(options, options.getStreamPosition()), events);
  switch (outcome.kind) {
    case 'written': {
      const at = String(outcome.position);
      const position = new shared.AllStreamPosition().setCommitPosition(at).setPreparePosition(at);
      const success = new streams.BatchAppendResp.Success().setPosition(position);
      return response.setSuccess(success.setCurrentRevision(String(outcome.revision)));
    }
    case 'wrong-version': {
      const wrong = new shared.WrongExpectedVersion();
      if (options.hasNoStream()) wrong.setExpectedNoStream(new shared.Empty());
      else if (options.hasAny()) wrong.setExpectedAny(new shared.Empty());
      else if (options.hasStreamExists()) wrong.setExpectedStreamExists(new shared.Empty());
      else wrong.setExpectedStreamPosition(options.getStreamPosition());
      if (outcome.current < 0n) wrong.setCurrentNoStream(new shared.Empty());
      else wrong.setCurrentStreamRevision(String(outcome.current));
      return response.setError(packed('WrongExpectedVersion', wrong.serializeBinary()));
    }
    case 'deleted': {
      const details = new shared.StreamDeleted().setStreamIdentifier(identifierOf(stream));
      return response.setError(packed('StreamDeleted', details.serializeBinary()));
    }
  }
}

/** google.rpc.Status with a google.protobuf.Any as its details. */
function packed(type: string, bytes: Uint8Array): statuses.Status {
  const details = [...field(1, Buffer.from(`type.googleapis.com/event_store.client.${type}`)), ...field(2, bytes)];
  return statuses.Status.deserializeBinary(Uint8Array.from([...field(2, Buffer.from(type)), ...field(3, details)]));
}

/** A length-delimited field of the protobuf encoding. */
function field(number: number, bytes: Iterable<number>): readonly number[] {
  const content = [...bytes];
  const length = [];
  for (let rest = content.length; rest > 0 || length.length === 0; rest >>= 7) {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
  }
  return [(number << 3) | 2, ...length, ...content];
}

const sizeOf = (events: readonly Proposed[]): number =>
  events.reduce((size, { data, metadata }) => size + data.length + metadata.length, 0);

function checkSize(events: readonly Proposed[]): void {
  if (sizeOf(events) > MAX_APPEND_SIZE) throw tooLarge(MAX_APPEND_SIZE);
}
