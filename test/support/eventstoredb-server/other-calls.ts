import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { expectedOf } from './append-calls.js';
import type { EventStoreLog } from './log.js';
import { nameOf, streamDeleted, wrongVersion } from './messages.js';
import type { AppendOutcome } from './stored-event.js';
import type { Node } from './striking.js';

export function softDelete(log: EventStoreLog, request: streams.DeleteReq): streams.DeleteResp {
  const options = request.getOptions() ?? new streams.DeleteReq.Options();
  const stream = nameOf(options.getStreamIdentifier());
  const at = written(stream, log.softDelete(stream, expectedOf(options, options.getRevision())));
  return new streams.DeleteResp().setPosition(
    new streams.DeleteResp.Position().setCommitPosition(at).setPreparePosition(at),
  );
}

export function tombstone(log: EventStoreLog, request: streams.TombstoneReq): streams.TombstoneResp {
  const options = request.getOptions() ?? new streams.TombstoneReq.Options();
  const stream = nameOf(options.getStreamIdentifier());
  const at = written(stream, log.tombstone(stream, expectedOf(options, options.getRevision())));
  return new streams.TombstoneResp().setPosition(
    new streams.TombstoneResp.Position().setCommitPosition(at).setPreparePosition(at),
  );
}

export function supportedMethods(): features.SupportedMethods {
  const methods = Object.values(StreamsService).map(({ path }: { path: string }) => {
    const [service = '', method = ''] = path.slice(1).split('/');
    return new features.SupportedMethod().setServiceName(service).setMethodName(method.toLowerCase());
  });
  return new features.SupportedMethods().setMethodsList(methods).setEventStoreServerVersion('23.10.8');
}

/** The cluster as this node sees it: itself, and the leader where that is another one. */
export function members(instance: string, self: Node, leader: Node | undefined): gossip.ClusterInfo {
  const { LEADER, FOLLOWER } = gossip.MemberInfo.VNodeState;
  const member = (state: typeof LEADER | typeof FOLLOWER, { host, port }: Node): gossip.MemberInfo =>
    new gossip.MemberInfo()
      .setInstanceId(new shared.UUID().setString(instance))
      .setTimeStamp('0')
      .setState(state)
      .setIsAlive(true)
      .setHttpEndPoint(new gossip.EndPoint().setAddress(host).setPort(port));

  return new gossip.ClusterInfo().setMembersList(
    leader === undefined ? [member(LEADER, self)] : [member(FOLLOWER, self), member(LEADER, leader)],
  );
}

function written(stream: string, outcome: AppendOutcome): string {
  if (outcome.kind === 'deleted') throw streamDeleted(stream);
  if (outcome.kind === 'wrong-version') throw wrongVersion(stream, outcome.current);

  return String(outcome.position);
}
