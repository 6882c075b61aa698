/** One wire error: `retriable` says whether a client may try the same request again. */
export interface ErrorInfo<Code extends number = number> {
  readonly code: Code;
  readonly retriable: boolean;
  readonly text: string;
}

function final<const Code extends number>(code: Code, text: string): ErrorInfo<Code> {
  return { code, retriable: false, text };
}

function retriable<const Code extends number>(code: Code, text: string): ErrorInfo<Code> {
  return { code, retriable: true, text };
}

/** Every error code of Apache Kafka 4.4.0, by name. */
export const errorTable = {
  UNKNOWN_SERVER_ERROR: final(-1, 'The server failed in a way it did not expect.'),
  NONE: final(0, 'No error.'),
  OFFSET_OUT_OF_RANGE: final(1, 'The offset lies outside the range of the log.'),
  CORRUPT_MESSAGE: retriable(2, 'The record batch is corrupt: bad checksum, size or key.'),
  UNKNOWN_TOPIC_OR_PARTITION: retriable(3, 'This broker does not host the topic or partition.'),
  INVALID_FETCH_SIZE: final(4, 'The fetch size is not valid.'),
  LEADER_NOT_AVAILABLE: retriable(5, 'The partition has no leader, because an election is under way.'),
  NOT_LEADER_OR_FOLLOWER: retriable(6, 'This broker is not the leader, or for a read not a replica, of the partition.'),
  REQUEST_TIMED_OUT: retriable(7, 'The request was not complete when its time ran out.'),
  BROKER_NOT_AVAILABLE: final(8, 'The broker is not available.'),
  REPLICA_NOT_AVAILABLE: retriable(9, 'The replica is not available for this partition.'),
  MESSAGE_TOO_LARGE: final(10, 'The record batch is larger than the largest that the topic accepts.'),
  STALE_CONTROLLER_EPOCH: final(11, 'The controller has moved to another broker.'),
  OFFSET_METADATA_TOO_LARGE: final(12, 'The metadata of the committed offset is too large.'),
  NETWORK_EXCEPTION: retriable(13, 'The connection broke before a response arrived.'),
  COORDINATOR_LOAD_IN_PROGRESS: retriable(14, 'The coordinator is still loading its state.'),
  COORDINATOR_NOT_AVAILABLE: retriable(15, 'No coordinator is available yet.'),
  NOT_COORDINATOR: retriable(16, 'This broker is not the coordinator of the group or transaction.'),
  INVALID_TOPIC_EXCEPTION: final(17, 'The topic name is not valid, or the topic is internal.'),
  RECORD_LIST_TOO_LARGE: final(18, 'The record batches are larger than a segment.'),
  NOT_ENOUGH_REPLICAS: retriable(
    19,
    'Fewer replicas are in sync than min.insync.replicas requires; nothing was written.',
  ),
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: retriable(20, 'Written, but fewer replicas were in sync than required.'),
  INVALID_REQUIRED_ACKS: final(21, 'acks must be -1, 0 or 1.'),
  ILLEGAL_GENERATION: final(22, 'The generation is not the current one of the group.'),
  INCONSISTENT_GROUP_PROTOCOL: final(23, 'The protocols of the member have nothing in common with those of the group.'),
  INVALID_GROUP_ID: final(24, 'The group id is not valid.'),
  UNKNOWN_MEMBER_ID: final(25, 'The coordinator does not know the member.'),
  INVALID_SESSION_TIMEOUT: final(26, 'The session timeout lies outside the range that the broker allows.'),
  REBALANCE_IN_PROGRESS: final(27, 'The group is rebalancing; the member has to join again.'),
  INVALID_COMMIT_OFFSET_SIZE: final(28, 'The offset commit is too large.'),
  TOPIC_AUTHORIZATION_FAILED: final(29, 'Not authorized for the topic.'),
  GROUP_AUTHORIZATION_FAILED: final(30, 'Not authorized for the group.'),
  CLUSTER_AUTHORIZATION_FAILED: final(31, 'Not authorized for the cluster.'),
  INVALID_TIMESTAMP: final(32, 'The timestamp of the record is out of the range that the topic accepts.'),
  UNSUPPORTED_SASL_MECHANISM: final(33, 'The broker does not offer the SASL mechanism.'),
  ILLEGAL_SASL_STATE: final(34, 'The request does not fit the state of the SASL exchange.'),
  UNSUPPORTED_VERSION: final(35, 'The broker does not support the version of the request.'),
  TOPIC_ALREADY_EXISTS: final(36, 'A topic of this name exists.'),
  INVALID_PARTITIONS: final(37, 'The number of partitions is not valid.'),
  INVALID_REPLICATION_FACTOR: final(38, 'The replication factor is not valid or larger than the number of brokers.'),
  INVALID_REPLICA_ASSIGNMENT: final(39, 'The replica assignment is not valid.'),
  INVALID_CONFIG: final(40, 'The config is not valid.'),
  NOT_CONTROLLER: retriable(41, 'This broker is not the controller.'),
  INVALID_REQUEST: final(42, 'The request does not make sense; the log of the broker may tell more.'),
  UNSUPPORTED_FOR_MESSAGE_FORMAT: final(43, 'The record format of the broker does not support the request.'),
  POLICY_VIOLATION: final(44, 'The parameters violate a policy of the cluster.'),
  OUT_OF_ORDER_SEQUENCE_NUMBER: final(45, 'The sequence number of the producer is not the expected one.'),
  DUPLICATE_SEQUENCE_NUMBER: final(46, 'The sequence number of the producer was used already.'),
  INVALID_PRODUCER_EPOCH: final(47, 'The producer epoch is older than the current one.'),
  INVALID_TXN_STATE: final(48, 'The transaction is not in a state that allows this.'),
  INVALID_PRODUCER_ID_MAPPING: final(49, 'The producer id does not belong to the transactional id.'),
  INVALID_TRANSACTION_TIMEOUT: final(50, 'The transaction timeout is larger than transaction.max.timeout.ms.'),
  CONCURRENT_TRANSACTIONS: retriable(51, 'Another operation on the transaction is under way.'),
  TRANSACTION_COORDINATOR_FENCED: final(52, 'The transaction coordinator has been replaced by a newer one.'),
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: final(53, 'Not authorized for the transactional id.'),
  SECURITY_DISABLED: final(54, 'The security feature is switched off.'),
  OPERATION_NOT_ATTEMPTED: final(55, 'Not attempted, because another part of the request failed.'),
  KAFKA_STORAGE_ERROR: retriable(56, 'The broker could not read or write its disk.'),
  LOG_DIR_NOT_FOUND: final(57, 'The log directory is not among those of the broker.'),
  SASL_AUTHENTICATION_FAILED: final(58, 'SASL authentication failed.'),
  UNKNOWN_PRODUCER_ID: final(59, 'The broker has no state of the producer id.'),
  REASSIGNMENT_IN_PROGRESS: final(60, 'The partition is being reassigned.'),
  DELEGATION_TOKEN_AUTH_DISABLED: final(61, 'Delegation tokens are switched off.'),
  DELEGATION_TOKEN_NOT_FOUND: final(62, 'The delegation token does not exist.'),
  DELEGATION_TOKEN_OWNER_MISMATCH: final(63, 'The principal is neither owner nor renewer of the token.'),
  DELEGATION_TOKEN_REQUEST_NOT_ALLOWED: final(64, 'Delegation token requests are not allowed on this connection.'),
  DELEGATION_TOKEN_AUTHORIZATION_FAILED: final(65, 'Not authorized for the delegation token.'),
  DELEGATION_TOKEN_EXPIRED: final(66, 'The delegation token has expired.'),
  INVALID_PRINCIPAL_TYPE: final(67, 'The type of principal is not supported.'),
  NON_EMPTY_GROUP: final(68, 'The group still has members.'),
  GROUP_ID_NOT_FOUND: final(69, 'The group does not exist.'),
  FETCH_SESSION_ID_NOT_FOUND: retriable(70, 'The fetch session does not exist; the client starts a new one.'),
  INVALID_FETCH_SESSION_EPOCH: retriable(71, 'The epoch of the fetch session is not the expected one.'),
  LISTENER_NOT_FOUND: retriable(72, 'The leader has no listener like the one that the request came by.'),
  TOPIC_DELETION_DISABLED: final(73, 'Deleting topics is switched off.'),
  FENCED_LEADER_EPOCH: retriable(74, 'The leader epoch of the request is older than the one of the broker.'),
  UNKNOWN_LEADER_EPOCH: retriable(75, 'The leader epoch of the request is newer than the one of the broker.'),
  UNSUPPORTED_COMPRESSION_TYPE: final(76, 'The client does not support the compression of the batch.'),
  STALE_BROKER_EPOCH: final(77, 'The broker epoch has been replaced by a newer one.'),
  OFFSET_NOT_AVAILABLE: retriable(78, 'The high watermark of the new leader has not caught up yet.'),
  MEMBER_ID_REQUIRED: final(79, 'The member has to join again with the member id it was given.'),
  PREFERRED_LEADER_NOT_AVAILABLE: retriable(80, 'The preferred leader is not available.'),
  GROUP_MAX_SIZE_REACHED: final(81, 'The group is full.'),
  FENCED_INSTANCE_ID: final(82, 'Another member has registered with the same group instance id.'),
  ELIGIBLE_LEADERS_NOT_AVAILABLE: retriable(83, 'No replica of the partition may become leader.'),
  ELECTION_NOT_NEEDED: retriable(84, 'The partition has the leader that was asked for.'),
  NO_REASSIGNMENT_IN_PROGRESS: final(85, 'The partition is not being reassigned.'),
  GROUP_SUBSCRIBED_TO_TOPIC: final(86, 'The group is subscribed to the topic, so its offsets stay.'),
  INVALID_RECORD: final(87, 'A record failed the validation of the broker.'),
  UNSTABLE_OFFSET_COMMIT: retriable(88, 'Offsets of an open transaction are still pending.'),
  THROTTLING_QUOTA_EXCEEDED: retriable(89, 'The throttling quota is used up.'),
  PRODUCER_FENCED: final(90, 'A newer producer with the same transactional id is at work.'),
  RESOURCE_NOT_FOUND: final(91, 'The resource does not exist.'),
  DUPLICATE_RESOURCE: final(92, 'The resource occurs twice in the request.'),
  UNACCEPTABLE_CREDENTIAL: final(93, 'The credential does not meet the requirements.'),
  INCONSISTENT_VOTER_SET: final(94, 'One of sender and recipient is not in the set of voters.'),
  INVALID_UPDATE_VERSION: final(95, 'The version of the update is not valid.'),
  FEATURE_UPDATE_FAILED: final(96, 'The feature could not be updated.'),
  PRINCIPAL_DESERIALIZATION_FAILURE: final(97, 'The controller could not read the principal of a forwarded request.'),
  SNAPSHOT_NOT_FOUND: final(98, 'The snapshot does not exist.'),
  POSITION_OUT_OF_RANGE: final(99, 'The position lies outside the snapshot.'),
  UNKNOWN_TOPIC_ID: retriable(100, 'This broker does not know the topic id.'),
  DUPLICATE_BROKER_REGISTRATION: final(101, 'A live broker with the same id is registered.'),
  BROKER_ID_NOT_REGISTERED: final(102, 'The broker id is not registered.'),
  INCONSISTENT_TOPIC_ID: retriable(103, 'The topic id of the log is not the one of the request.'),
  INCONSISTENT_CLUSTER_ID: final(104, 'The cluster id of the request is not the one of this cluster.'),
  TRANSACTIONAL_ID_NOT_FOUND: final(105, 'The transactional id does not exist.'),
  FETCH_SESSION_TOPIC_ID_ERROR: retriable(106, 'The fetch session met inconsistent topic ids.'),
  INELIGIBLE_REPLICA: final(107, 'The new in-sync set holds a replica that may not be in it.'),
  NEW_LEADER_ELECTED: final(108, 'The change to the partition was carried out and has made another broker leader.'),
  OFFSET_MOVED_TO_TIERED_STORAGE: final(109, 'The offset lies in tiered storage.'),
  FENCED_MEMBER_EPOCH: final(110, 'The member epoch is not the current one; the member has to join again.'),
  UNRELEASED_INSTANCE_ID: final(111, 'Another member still holds the group instance id.'),
  UNSUPPORTED_ASSIGNOR: final(112, 'The group does not support the assignor.'),
  STALE_MEMBER_EPOCH: final(113, 'The member epoch is stale; repeat with the one of the last heartbeat.'),
  MISMATCHED_ENDPOINT_TYPE: final(114, 'The request went to an endpoint of the wrong type.'),
  UNSUPPORTED_ENDPOINT_TYPE: final(115, 'The type of endpoint is not supported.'),
  UNKNOWN_CONTROLLER_ID: final(116, 'The controller id is not known.'),
  UNKNOWN_SUBSCRIPTION_ID: final(117, 'The telemetry subscription of the client is outdated or not valid.'),
  TELEMETRY_TOO_LARGE: final(118, 'The telemetry push is larger than the broker accepts.'),
  INVALID_REGISTRATION: final(119, 'The controller refused the registration of the broker.'),
  TRANSACTION_ABORTABLE: final(120, 'The transaction failed and has to be aborted.'),
  INVALID_RECORD_STATE: final(121, 'The state of the record does not allow the acknowledgement.'),
  SHARE_SESSION_NOT_FOUND: retriable(122, 'The share session does not exist.'),
  INVALID_SHARE_SESSION_EPOCH: retriable(123, 'The epoch of the share session is not the expected one.'),
  FENCED_STATE_EPOCH: final(124, 'The state epoch of the share group is not the current one.'),
  INVALID_VOTER_KEY: final(125, 'The voter key is not the one of the receiving replica.'),
  DUPLICATE_VOTER: final(126, 'The voter is in the set of voters already.'),
  VOTER_NOT_FOUND: final(127, 'The voter is not in the set of voters.'),
  INVALID_REGULAR_EXPRESSION: final(128, 'The regular expression is not valid.'),
  REBOOTSTRAP_REQUIRED: final(129, 'The metadata of the client is stale; it has to bootstrap again.'),
  STREAMS_INVALID_TOPOLOGY: final(130, 'The topology of the streams application is not valid.'),
  STREAMS_INVALID_TOPOLOGY_EPOCH: final(131, 'The epoch of the topology is not valid.'),
  STREAMS_TOPOLOGY_FENCED: final(132, 'The epoch of the topology is outdated.'),
  SHARE_SESSION_LIMIT_REACHED: retriable(133, 'No further share session can be opened.'),
  GROUP_DELETION_FAILED: final(134, 'The group could not be deleted.'),
  STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED: final(135, 'The description of the topology could not be stored.'),
  CONTROLLER_ID_NOT_REGISTERED: final(136, 'No controller with this id is registered.'),
} as const;

export type ErrorName = keyof typeof errorTable;
/** The number that goes over the wire, one of Kafka's. */
export type ErrorCode = (typeof errorTable)[ErrorName]['code'];

type CodesByName = { readonly [Name in ErrorName]: (typeof errorTable)[Name]['code'] };

/** Codes by name: `errorCode.NOT_LEADER_OR_FOLLOWER` is 6. */
export const errorCode = Object.fromEntries(
  Object.entries(errorTable).map(([name, info]) => [name, info.code]),
) as CodesByName;

const namesByCode = new Map<number, ErrorName>(
  Object.entries(errorTable).map(([name, info]) => [info.code, name as ErrorName]),
);

/** Name of a code from the wire; undefined for one that Kafka 4.4.0 does not have. */
export function errorName(code: number): ErrorName | undefined {
  return namesByCode.get(code);
}
