import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { FetchRequest as FetchWire, fetchResponse } from '../../../protocol/schemas/01-fetch.ts';
import type { VoteRequest as VoteWire, voteRequest, voteResponse } from '../../../protocol/schemas/52-vote.ts';
import type { BeginQuorumEpochRequest } from '../../../protocol/schemas/53-begin-quorum-epoch.ts';
import type { EndQuorumEpochRequest } from '../../../protocol/schemas/54-end-quorum-epoch.ts';
import type {
  FetchSnapshotRequest as FetchSnapshotWire,
  fetchSnapshotResponse,
} from '../../../protocol/schemas/59-fetch-snapshot.ts';
import { clusterMetadataTopicName } from '../../../protocol/system-topics.ts';
import { metadataTopicId, zeroUuid } from '../../../protocol/uuid.ts';
import type {
  BeginEpochRequest,
  EndEpochRequest,
  EpochReply,
  FetchReply,
  FetchRequest,
  FetchSnapshotReply,
  FetchSnapshotRequest,
  RaftError,
  VoteReply,
  VoteRequest,
} from '../../raft/raft-message.ts';

const codes: Readonly<Record<RaftError, ErrorCode>> = {
  NONE: errorCode.NONE,
  NOT_LEADER_OR_FOLLOWER: errorCode.NOT_LEADER_OR_FOLLOWER,
  FENCED_LEADER_EPOCH: errorCode.FENCED_LEADER_EPOCH,
  UNKNOWN_LEADER_EPOCH: errorCode.UNKNOWN_LEADER_EPOCH,
  INVALID_REQUEST: errorCode.INVALID_REQUEST,
  INVALID_VOTER_KEY: errorCode.INVALID_VOTER_KEY,
  SNAPSHOT_NOT_FOUND: errorCode.SNAPSHOT_NOT_FOUND,
  POSITION_OUT_OF_RANGE: errorCode.POSITION_OUT_OF_RANGE,
};
const errors = new Map(Object.entries(codes).map(([name, code]) => [code as number, name as RaftError]));

/** Raft's word for no disk is ''. */
function uuidOf(directoryId: string): string {
  return directoryId === '' ? zeroUuid : directoryId;
}

function directoryOf(uuid: string): string {
  return uuid === zeroUuid ? '' : uuid;
}

function errorOf(code: number): RaftError {
  return errors.get(code) ?? 'INVALID_REQUEST';
}

export function voteToWire(clusterId: string, voterId: number, request: VoteRequest): MessageInput<typeof voteRequest> {
  const partition = {
    partitionIndex: 0,
    replicaEpoch: request.epoch,
    replicaId: request.candidateId,
    replicaDirectoryId: zeroUuid,
    voterDirectoryId: uuidOf(request.voterDirectoryId),
    lastOffsetEpoch: request.lastEpoch,
    lastOffset: request.endOffset,
    preVote: request.preVote,
  };
  return { clusterId, voterId, topics: [{ topicName: clusterMetadataTopicName, partitions: [partition] }] };
}

export function voteFromWire({ topics }: VoteWire): VoteRequest | undefined {
  const partition = topics[0]?.partitions[0];
  return (
    partition && {
      type: 'vote',
      preVote: partition.preVote,
      epoch: partition.replicaEpoch,
      candidateId: partition.replicaId,
      voterDirectoryId: directoryOf(partition.voterDirectoryId),
      lastEpoch: partition.lastOffsetEpoch,
      endOffset: partition.lastOffset,
    }
  );
}

export function voteReplyToWire({ error, epoch, leaderId, granted }: VoteReply): MessageInput<typeof voteResponse> {
  const partition = {
    partitionIndex: 0,
    errorCode: codes[error],
    leaderId,
    leaderEpoch: epoch,
    voteGranted: granted,
  };
  return { errorCode: errorCode.NONE, topics: [{ topicName: clusterMetadataTopicName, partitions: [partition] }] };
}

/** A partition of a Vote, Begin- or EndQuorumEpoch response. */
interface EpochRow {
  readonly errorCode: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly voteGranted?: boolean;
}

interface EpochResponse {
  readonly topics: readonly { readonly partitions: readonly EpochRow[] }[];
}

export function voteReplyFromWire({ topics }: EpochResponse): VoteReply | undefined {
  const row = topics[0]?.partitions[0];
  return row && { type: 'vote', ...answerOf(row), granted: row.voteGranted === true };
}

export function epochReplyFromWire(type: EpochReply['type'], { topics }: EpochResponse): EpochReply | undefined {
  const row = topics[0]?.partitions[0];
  return row && { type, ...answerOf(row) };
}

function answerOf(row: EpochRow) {
  return { error: errorOf(row.errorCode), epoch: row.leaderEpoch, leaderId: row.leaderId };
}

export function beginToWire(clusterId: string, voterId: number, { epoch, leaderId }: BeginEpochRequest) {
  const partition = { partitionIndex: 0, voterDirectoryId: zeroUuid, leaderId, leaderEpoch: epoch };
  return {
    clusterId,
    voterId,
    topics: [{ topicName: clusterMetadataTopicName, partitions: [partition] }],
    leaderEndpoints: [],
  };
}

export function beginFromWire({ topics }: BeginQuorumEpochRequest): BeginEpochRequest | undefined {
  const partition = topics[0]?.partitions[0];
  return partition && { type: 'begin', epoch: partition.leaderEpoch, leaderId: partition.leaderId };
}

export function endToWire(clusterId: string, { epoch, leaderId, candidates }: EndEpochRequest) {
  const preferredCandidates = candidates.map((candidateId) => ({ candidateId, candidateDirectoryId: zeroUuid }));
  const partition = { partitionIndex: 0, leaderId, leaderEpoch: epoch, preferredSuccessors: [], preferredCandidates };
  return { clusterId, topics: [{ topicName: clusterMetadataTopicName, partitions: [partition] }], leaderEndpoints: [] };
}

export function endFromWire({ topics }: EndQuorumEpochRequest): EndEpochRequest | undefined {
  const partition = topics[0]?.partitions[0];
  if (!partition) return undefined;
  const candidates = partition.preferredCandidates.map((candidate) => candidate.candidateId);
  return { type: 'end', epoch: partition.leaderEpoch, leaderId: partition.leaderId, candidates };
}

export function epochReplyToWire({ error, epoch, leaderId }: EpochReply) {
  const partition = { partitionIndex: 0, errorCode: codes[error], leaderId, leaderEpoch: epoch };
  return { errorCode: errorCode.NONE, topics: [{ topicName: clusterMetadataTopicName, partitions: [partition] }] };
}

export function fetchToWire(clusterId: string, request: FetchRequest, bytesMax: number) {
  const partition = {
    partition: 0,
    currentLeaderEpoch: request.epoch,
    fetchOffset: request.offset,
    lastFetchedEpoch: request.lastEpoch,
    partitionMaxBytes: bytesMax,
    highWatermark: request.highWatermark,
    replicaDirectoryId: uuidOf(request.directoryId),
  };
  return {
    clusterId,
    replicaState: { replicaId: request.replicaId, replicaEpoch: -1 },
    maxWaitMs: Math.floor(request.waitMsMax),
    minBytes: 1,
    maxBytes: bytesMax,
    topics: [{ topicId: metadataTopicId, partitions: [partition] }],
    forgottenTopicsData: [],
  };
}

export function fetchFromWire(request: FetchWire): FetchRequest | undefined {
  const partition = request.topics[0]?.partitions[0];
  if (!partition) return undefined;
  const { replicaId } = request.replicaState;
  return {
    type: 'fetch',
    replicaId: replicaId >= 0 ? replicaId : request.replicaId,
    directoryId: directoryOf(partition.replicaDirectoryId),
    epoch: partition.currentLeaderEpoch,
    offset: partition.fetchOffset,
    lastEpoch: partition.lastFetchedEpoch,
    highWatermark: partition.highWatermark,
    waitMsMax: request.maxWaitMs,
  };
}

const absent = { epoch: -1, endOffset: -1 };

export function fetchReplyToWire(reply: FetchReply, records: Buffer): MessageInput<typeof fetchResponse> {
  const { error, epoch, leaderId, highWatermark, startOffset, diverging, snapshot } = reply;
  const partition = {
    partitionIndex: 0,
    errorCode: codes[error],
    highWatermark,
    lastStableOffset: highWatermark,
    logStartOffset: startOffset,
    divergingEpoch: diverging ?? absent,
    currentLeader: { leaderId, leaderEpoch: epoch },
    snapshotId: snapshot ? { endOffset: snapshot.offset, epoch: snapshot.epoch } : absent,
    abortedTransactions: null,
    records,
  };
  return {
    errorCode: errorCode.NONE,
    responses: [{ topic: clusterMetadataTopicName, topicId: metadataTopicId, partitions: [partition] }],
  };
}

type FetchRow = {
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  readonly divergingEpoch: { readonly epoch: number; readonly endOffset: number };
  readonly currentLeader: { readonly leaderId: number; readonly leaderEpoch: number };
  readonly snapshotId: { readonly endOffset: number; readonly epoch: number };
};

export function fetchReplyFromWire(row: FetchRow): FetchReply {
  const { divergingEpoch, snapshotId, currentLeader } = row;
  return {
    type: 'fetch',
    error: errorOf(row.errorCode),
    epoch: currentLeader.leaderEpoch,
    leaderId: currentLeader.leaderId,
    highWatermark: row.highWatermark,
    startOffset: row.logStartOffset,
    ...(divergingEpoch.endOffset >= 0 ? { diverging: { ...divergingEpoch } } : {}),
    ...(snapshotId.endOffset >= 0 ? { snapshot: { offset: snapshotId.endOffset, epoch: snapshotId.epoch } } : {}),
  };
}

export function snapshotToWire(clusterId: string, request: FetchSnapshotRequest, bytesMax: number) {
  const partition = {
    partition: 0,
    currentLeaderEpoch: request.epoch,
    snapshotId: { endOffset: request.id.offset, epoch: request.id.epoch },
    position: request.position,
    replicaDirectoryId: uuidOf(request.directoryId),
  };
  return {
    clusterId,
    replicaId: request.replicaId,
    maxBytes: bytesMax,
    topics: [{ name: clusterMetadataTopicName, partitions: [partition] }],
  };
}

export function snapshotFromWire(request: FetchSnapshotWire): FetchSnapshotRequest | undefined {
  const partition = request.topics[0]?.partitions[0];
  if (!partition) return undefined;
  const { snapshotId, position, currentLeaderEpoch, replicaDirectoryId } = partition;
  const id = { offset: snapshotId.endOffset, epoch: snapshotId.epoch };
  const directoryId = directoryOf(replicaDirectoryId);
  return { type: 'snapshot', replicaId: request.replicaId, directoryId, epoch: currentLeaderEpoch, id, position };
}

export function snapshotReplyToWire(
  { error, epoch, leaderId, id, position }: FetchSnapshotReply,
  piece: { readonly bytes: Buffer; readonly sizeBytes: number } | undefined,
): MessageInput<typeof fetchSnapshotResponse> {
  const partition = {
    index: 0,
    errorCode: codes[error],
    snapshotId: { endOffset: id.offset, epoch: id.epoch },
    currentLeader: { leaderId, leaderEpoch: epoch },
    size: piece?.sizeBytes ?? 0,
    position,
    unalignedRecords: piece?.bytes ?? Buffer.alloc(0),
  };
  return {
    errorCode: errorCode.NONE,
    topics: [{ name: clusterMetadataTopicName, partitions: [partition] }],
  };
}

type SnapshotRow = {
  readonly errorCode: number;
  readonly snapshotId: { readonly endOffset: number; readonly epoch: number };
  readonly currentLeader: { readonly leaderId: number; readonly leaderEpoch: number };
  readonly position: number;
};

export function snapshotReplyFromWire(row: SnapshotRow): FetchSnapshotReply {
  return {
    type: 'snapshot',
    error: errorOf(row.errorCode),
    epoch: row.currentLeader.leaderEpoch,
    leaderId: row.currentLeader.leaderId,
    id: { offset: row.snapshotId.endOffset, epoch: row.snapshotId.epoch },
    position: row.position,
  };
}
