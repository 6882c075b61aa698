import type { MessageSchema } from './schema.ts';
import { produceRequest, produceResponse } from './schemas/00-produce.ts';
import { fetchRequest, fetchResponse } from './schemas/01-fetch.ts';
import { listOffsetsRequest, listOffsetsResponse } from './schemas/02-list-offsets.ts';
import { metadataRequest, metadataResponse } from './schemas/03-metadata.ts';
import { offsetCommitRequest, offsetCommitResponse } from './schemas/08-offset-commit.ts';
import { offsetFetchRequest, offsetFetchResponse } from './schemas/09-offset-fetch.ts';
import { findCoordinatorRequest, findCoordinatorResponse } from './schemas/10-find-coordinator.ts';
import { joinGroupRequest, joinGroupResponse } from './schemas/11-join-group.ts';
import { heartbeatRequest, heartbeatResponse } from './schemas/12-heartbeat.ts';
import { leaveGroupRequest, leaveGroupResponse } from './schemas/13-leave-group.ts';
import { syncGroupRequest, syncGroupResponse } from './schemas/14-sync-group.ts';
import { describeGroupsRequest, describeGroupsResponse } from './schemas/15-describe-groups.ts';
import { listGroupsRequest, listGroupsResponse } from './schemas/16-list-groups.ts';
import { saslHandshakeRequest, saslHandshakeResponse } from './schemas/17-sasl-handshake.ts';
import { apiVersionsRequest, apiVersionsResponse } from './schemas/18-api-versions.ts';
import { createTopicsRequest, createTopicsResponse } from './schemas/19-create-topics.ts';
import { deleteTopicsRequest, deleteTopicsResponse } from './schemas/20-delete-topics.ts';
import { deleteRecordsRequest, deleteRecordsResponse } from './schemas/21-delete-records.ts';
import { initProducerIdRequest, initProducerIdResponse } from './schemas/22-init-producer-id.ts';
import { offsetForLeaderEpochRequest, offsetForLeaderEpochResponse } from './schemas/23-offset-for-leader-epoch.ts';
import { addPartitionsToTxnRequest, addPartitionsToTxnResponse } from './schemas/24-add-partitions-to-txn.ts';
import { addOffsetsToTxnRequest, addOffsetsToTxnResponse } from './schemas/25-add-offsets-to-txn.ts';
import { endTxnRequest, endTxnResponse } from './schemas/26-end-txn.ts';
import { writeTxnMarkersRequest, writeTxnMarkersResponse } from './schemas/27-write-txn-markers.ts';
import { txnOffsetCommitRequest, txnOffsetCommitResponse } from './schemas/28-txn-offset-commit.ts';
import { describeAclsRequest, describeAclsResponse } from './schemas/29-describe-acls.ts';
import { createAclsRequest, createAclsResponse } from './schemas/30-create-acls.ts';
import { deleteAclsRequest, deleteAclsResponse } from './schemas/31-delete-acls.ts';
import { describeConfigsRequest, describeConfigsResponse } from './schemas/32-describe-configs.ts';
import { alterConfigsRequest, alterConfigsResponse } from './schemas/33-alter-configs.ts';
import { alterReplicaLogDirsRequest, alterReplicaLogDirsResponse } from './schemas/34-alter-replica-log-dirs.ts';
import { describeLogDirsRequest, describeLogDirsResponse } from './schemas/35-describe-log-dirs.ts';
import { saslAuthenticateRequest, saslAuthenticateResponse } from './schemas/36-sasl-authenticate.ts';
import { createPartitionsRequest, createPartitionsResponse } from './schemas/37-create-partitions.ts';
import { deleteGroupsRequest, deleteGroupsResponse } from './schemas/42-delete-groups.ts';
import { electLeadersRequest, electLeadersResponse } from './schemas/43-elect-leaders.ts';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from './schemas/44-incremental-alter-configs.ts';
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from './schemas/45-alter-partition-reassignments.ts';
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from './schemas/46-list-partition-reassignments.ts';
import { offsetDeleteRequest, offsetDeleteResponse } from './schemas/47-offset-delete.ts';
import { describeClientQuotasRequest, describeClientQuotasResponse } from './schemas/48-describe-client-quotas.ts';
import { alterClientQuotasRequest, alterClientQuotasResponse } from './schemas/49-alter-client-quotas.ts';
import {
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
} from './schemas/50-describe-user-scram-credentials.ts';
import {
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
} from './schemas/51-alter-user-scram-credentials.ts';
import { voteRequest, voteResponse } from './schemas/52-vote.ts';
import { beginQuorumEpochRequest, beginQuorumEpochResponse } from './schemas/53-begin-quorum-epoch.ts';
import { endQuorumEpochRequest, endQuorumEpochResponse } from './schemas/54-end-quorum-epoch.ts';
import { describeQuorumRequest, describeQuorumResponse } from './schemas/55-describe-quorum.ts';
import { alterPartitionRequest, alterPartitionResponse } from './schemas/56-alter-partition.ts';
import { updateFeaturesRequest, updateFeaturesResponse } from './schemas/57-update-features.ts';
import { envelopeRequest, envelopeResponse } from './schemas/58-envelope.ts';
import { fetchSnapshotRequest, fetchSnapshotResponse } from './schemas/59-fetch-snapshot.ts';
import { describeClusterRequest, describeClusterResponse } from './schemas/60-describe-cluster.ts';
import { describeProducersRequest, describeProducersResponse } from './schemas/61-describe-producers.ts';
import { brokerRegistrationRequest, brokerRegistrationResponse } from './schemas/62-broker-registration.ts';
import { brokerHeartbeatRequest, brokerHeartbeatResponse } from './schemas/63-broker-heartbeat.ts';
import { unregisterBrokerRequest, unregisterBrokerResponse } from './schemas/64-unregister-broker.ts';
import { describeTransactionsRequest, describeTransactionsResponse } from './schemas/65-describe-transactions.ts';
import { listTransactionsRequest, listTransactionsResponse } from './schemas/66-list-transactions.ts';
import { allocateProducerIdsRequest, allocateProducerIdsResponse } from './schemas/67-allocate-producer-ids.ts';
import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from './schemas/68-consumer-group-heartbeat.ts';
import { consumerGroupDescribeRequest, consumerGroupDescribeResponse } from './schemas/69-consumer-group-describe.ts';
import { listConfigResourcesRequest, listConfigResourcesResponse } from './schemas/74-list-config-resources.ts';
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from './schemas/75-describe-topic-partitions.ts';
import { addRaftVoterRequest, addRaftVoterResponse } from './schemas/80-add-raft-voter.ts';
import { removeRaftVoterRequest, removeRaftVoterResponse } from './schemas/81-remove-raft-voter.ts';
import { updateRaftVoterRequest, updateRaftVoterResponse } from './schemas/82-update-raft-voter.ts';

/** Who may call an API: clients find `client` ones in ApiVersions, `internal` ones are for the brokers of the cluster. */
export type ApiAudience = 'client' | 'internal';

/** One API that is served: its schemas and the versions that ApiVersions announces. */
export interface Api<Request extends MessageSchema = MessageSchema, Response extends MessageSchema = MessageSchema> {
  readonly key: number;
  readonly name: string;
  readonly request: Request;
  readonly response: Response;
  /** Versions that are served: those of the schemas. */
  readonly versionMin: number;
  readonly versionMax: number;
  /** Versions that ApiVersions announces. */
  readonly advertisedMin: number;
  readonly advertisedMax: number;
  /** First version with compact encodings, tag sections and the newer header (KIP-482). */
  readonly firstFlexible: number;
  readonly audience: ApiAudience;
}

interface ApiOptions {
  readonly audience?: ApiAudience;
  readonly advertisedMin?: number;
  readonly advertisedMax?: number;
}

function api<Request extends MessageSchema, Response extends MessageSchema>(
  request: Request,
  response: Response,
  options: ApiOptions = {},
): Api<Request, Response> {
  return {
    key: request.key,
    name: request.name.replace(/Request$/, ''),
    request,
    response,
    versionMin: request.versions.min,
    versionMax: request.versions.max,
    advertisedMin: options.advertisedMin ?? request.versions.min,
    advertisedMax: options.advertisedMax ?? request.versions.max,
    firstFlexible: request.flexible.min,
    audience: options.audience ?? 'client',
  };
}

const internal: ApiOptions = { audience: 'internal' };

/** Every API that is served, by name. `apis.fetch.key` is 1. */
export const apis = {
  // Announced from 0 although 3 is the oldest served: librdkafka before 2.11.1 else stops compressing (KAFKA-18659).
  produce: api(produceRequest, produceResponse, { advertisedMin: 0 }),
  fetch: api(fetchRequest, fetchResponse),
  listOffsets: api(listOffsetsRequest, listOffsetsResponse),
  metadata: api(metadataRequest, metadataResponse),
  offsetCommit: api(offsetCommitRequest, offsetCommitResponse),
  offsetFetch: api(offsetFetchRequest, offsetFetchResponse),
  findCoordinator: api(findCoordinatorRequest, findCoordinatorResponse),
  joinGroup: api(joinGroupRequest, joinGroupResponse),
  heartbeat: api(heartbeatRequest, heartbeatResponse),
  leaveGroup: api(leaveGroupRequest, leaveGroupResponse),
  syncGroup: api(syncGroupRequest, syncGroupResponse),
  describeGroups: api(describeGroupsRequest, describeGroupsResponse),
  listGroups: api(listGroupsRequest, listGroupsResponse),
  saslHandshake: api(saslHandshakeRequest, saslHandshakeResponse),
  apiVersions: api(apiVersionsRequest, apiVersionsResponse),
  createTopics: api(createTopicsRequest, createTopicsResponse),
  deleteTopics: api(deleteTopicsRequest, deleteTopicsResponse),
  deleteRecords: api(deleteRecordsRequest, deleteRecordsResponse),
  // Version 6 is not stable in Apache Kafka 4.4.0, which announces 5.
  initProducerId: api(initProducerIdRequest, initProducerIdResponse, { advertisedMax: 5 }),
  offsetForLeaderEpoch: api(offsetForLeaderEpochRequest, offsetForLeaderEpochResponse),
  addPartitionsToTxn: api(addPartitionsToTxnRequest, addPartitionsToTxnResponse),
  addOffsetsToTxn: api(addOffsetsToTxnRequest, addOffsetsToTxnResponse),
  endTxn: api(endTxnRequest, endTxnResponse),
  writeTxnMarkers: api(writeTxnMarkersRequest, writeTxnMarkersResponse),
  txnOffsetCommit: api(txnOffsetCommitRequest, txnOffsetCommitResponse),
  describeAcls: api(describeAclsRequest, describeAclsResponse),
  createAcls: api(createAclsRequest, createAclsResponse),
  deleteAcls: api(deleteAclsRequest, deleteAclsResponse),
  describeConfigs: api(describeConfigsRequest, describeConfigsResponse),
  alterConfigs: api(alterConfigsRequest, alterConfigsResponse),
  alterReplicaLogDirs: api(alterReplicaLogDirsRequest, alterReplicaLogDirsResponse),
  describeLogDirs: api(describeLogDirsRequest, describeLogDirsResponse),
  saslAuthenticate: api(saslAuthenticateRequest, saslAuthenticateResponse),
  createPartitions: api(createPartitionsRequest, createPartitionsResponse),
  deleteGroups: api(deleteGroupsRequest, deleteGroupsResponse),
  electLeaders: api(electLeadersRequest, electLeadersResponse),
  incrementalAlterConfigs: api(incrementalAlterConfigsRequest, incrementalAlterConfigsResponse),
  offsetDelete: api(offsetDeleteRequest, offsetDeleteResponse),
  alterPartitionReassignments: api(alterPartitionReassignmentsRequest, alterPartitionReassignmentsResponse),
  listPartitionReassignments: api(listPartitionReassignmentsRequest, listPartitionReassignmentsResponse),
  describeClientQuotas: api(describeClientQuotasRequest, describeClientQuotasResponse),
  alterClientQuotas: api(alterClientQuotasRequest, alterClientQuotasResponse),
  describeUserScramCredentials: api(describeUserScramCredentialsRequest, describeUserScramCredentialsResponse),
  alterUserScramCredentials: api(alterUserScramCredentialsRequest, alterUserScramCredentialsResponse),
  vote: api(voteRequest, voteResponse, internal),
  beginQuorumEpoch: api(beginQuorumEpochRequest, beginQuorumEpochResponse, internal),
  endQuorumEpoch: api(endQuorumEpochRequest, endQuorumEpochResponse, internal),
  describeQuorum: api(describeQuorumRequest, describeQuorumResponse),
  alterPartition: api(alterPartitionRequest, alterPartitionResponse, internal),
  updateFeatures: api(updateFeaturesRequest, updateFeaturesResponse),
  envelope: api(envelopeRequest, envelopeResponse, internal),
  fetchSnapshot: api(fetchSnapshotRequest, fetchSnapshotResponse, internal),
  describeCluster: api(describeClusterRequest, describeClusterResponse),
  describeProducers: api(describeProducersRequest, describeProducersResponse),
  brokerRegistration: api(brokerRegistrationRequest, brokerRegistrationResponse, internal),
  brokerHeartbeat: api(brokerHeartbeatRequest, brokerHeartbeatResponse, internal),
  describeTransactions: api(describeTransactionsRequest, describeTransactionsResponse),
  listTransactions: api(listTransactionsRequest, listTransactionsResponse),
  unregisterBroker: api(unregisterBrokerRequest, unregisterBrokerResponse),
  allocateProducerIds: api(allocateProducerIdsRequest, allocateProducerIdsResponse, internal),
  consumerGroupHeartbeat: api(consumerGroupHeartbeatRequest, consumerGroupHeartbeatResponse),
  consumerGroupDescribe: api(consumerGroupDescribeRequest, consumerGroupDescribeResponse),
  listConfigResources: api(listConfigResourcesRequest, listConfigResourcesResponse),
  describeTopicPartitions: api(describeTopicPartitionsRequest, describeTopicPartitionsResponse),
  addRaftVoter: api(addRaftVoterRequest, addRaftVoterResponse),
  removeRaftVoter: api(removeRaftVoterRequest, removeRaftVoterResponse),
  updateRaftVoter: api(updateRaftVoterRequest, updateRaftVoterResponse, internal),
} as const;

const byKey: readonly (Api | undefined)[] = indexByKey(Object.values(apis));

function indexByKey(list: readonly Api[]): (Api | undefined)[] {
  const table: (Api | undefined)[] = [];
  for (const entry of list) table[entry.key] = entry;
  return table;
}

/** The API of a key, undefined when it is not served. */
export function apiOf(key: number): Api | undefined {
  return byKey[key];
}

/** What ApiVersions announces to clients: key and version range, ascending by key. */
export function advertisedApis(): { apiKey: number; minVersion: number; maxVersion: number }[] {
  return Object.values(apis)
    .filter((entry) => entry.audience === 'client')
    .map((entry) => ({ apiKey: entry.key, minVersion: entry.advertisedMin, maxVersion: entry.advertisedMax }))
    .sort((a, b) => a.apiKey - b.apiKey);
}
