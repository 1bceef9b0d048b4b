import shared from '@eventstore/db-client/generated/shared_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { status } from '@grpc/grpc-js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
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
      if (options.hasNoStream()) wrong.setExpectedNoStream(new empty.Empty());
      else if (options.hasAny()) wrong.setExpectedAny(new empty.Empty());
      else if (options.hasStreamExists()) wrong.setExpectedStreamExists(new empty.Empty());
      else wrong.setExpectedStreamPosition(options.getStreamPosition());
      if (outcome.current < 0n) wrong.setCurrentNoStream(new empty.Empty());
      else wrong.setCurrentStreamRevision(String(outcome.current));
      return response.setError(packed('WrongExpectedVersion', wrong.serializeBinary()));
    }
    case 'deleted': {
      const details = new shared.StreamDeleted().setStreamIdentifier(identifierOf(stream));
      return response.setError(packed('StreamDeleted', details.serializeBinary()));
    }
  }
}

function packed(type: string, bytes: Uint8Array): statuses.Status {
  const details = new any.Any();
  details.pack(bytes, `event_store.client.${type}`);
  return new statuses.Status().setMessage(type).setDetails(details);
}

const sizeOf = (events: readonly Proposed[]): number =>
  events.reduce((size, { data, metadata }) => size + data.length + metadata.length, 0);

function checkSize(events: readonly Proposed[]): void {
  if (sizeOf(events) > MAX_APPEND_SIZE) throw tooLarge(MAX_APPEND_SIZE);
}
