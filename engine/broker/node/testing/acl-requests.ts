/** What the requests of `acl-table.json.gz` are about. */
export interface AclTopics {
  /** Ids of `t` and `t2`. */
  readonly t: string;
  readonly t2: string;
}

type Body = Readonly<Record<string, unknown>>;

const unknownId = 'AAAAAAAAAAAAAAAAAAAAQQ';
const partitions = [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1 }];
const commits = [{ partitionIndex: 0, committedOffset: 1, committedLeaderEpoch: -1, committedMetadata: null }];
const member = { memberId: 'm', groupInstanceId: null, generationId: 1 };
const consumerBeat = { groupId: 'cg', memberId: 'c', memberEpoch: 0, rebalanceTimeoutMs: 60_000, topicPartitions: [] };
const anyAcl = {
  resourceTypeFilter: 2,
  resourceNameFilter: 'no such',
  patternTypeFilter: 3,
  principalFilter: null,
  hostFilter: null,
  operation: 1,
  permissionType: 1,
};
const newAcl = {
  resourceType: 2,
  resourceName: 'other',
  resourcePatternType: 3,
  principal: 'User:other',
  host: '*',
  operation: 3,
  permissionType: 3,
};

function produce(name: string, topicId: string, changes: Body = {}): Body {
  const topicData = [{ name, topicId, partitionData: [{ index: 0, records: null }] }];
  return { transactionalId: null, acks: -1, timeoutMs: 1_000, topicData, ...changes };
}

function fetchOf(topic: string, topicId: string, changes: Body = {}): Body {
  const asked = {
    partition: 0,
    currentLeaderEpoch: -1,
    fetchOffset: 0,
    lastFetchedEpoch: -1,
    partitionMaxBytes: 1_000,
  };
  return {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 1_000,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [{ topic, topicId, partitions: [asked] }],
    forgottenTopicsData: [],
    rackId: '',
    ...changes,
  };
}

function metadata(topics: readonly Body[] | null, changes: Body = {}): Body {
  return { topics, allowAutoTopicCreation: false, includeTopicAuthorizedOperations: true, ...changes };
}

const named = (name: string) => ({ topicId: 'AAAAAAAAAAAAAAAAAAAAAA', name });

function commit(name: string, topicId: string): Body {
  const topics = [{ name, topicId, partitions: commits }];
  return { groupId: 'g', generationIdOrMemberEpoch: -1, memberId: '', groupInstanceId: null, topics };
}

function alterConfigs(resourceType: number, resourceName: string, name: string, value: string): Body {
  return {
    resources: [{ resourceType, resourceName, configs: [{ name, configOperation: 0, value }] }],
    validateOnly: true,
  };
}

function replaceConfigs(resourceType: number, resourceName: string, name: string, value: string): Body {
  return { resources: [{ resourceType, resourceName, configs: [{ name, value }] }], validateOnly: true };
}

function describeConfigs(resourceType: number, resourceName: string): Body {
  return { resources: [{ resourceType, resourceName, configurationKeys: null }] };
}

function newTopic(name: string): Body {
  return {
    topics: [{ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
    timeoutMs: 5_000,
    validateOnly: true,
  };
}

function fetchOffsets({ t }: AclTopics, all = false): Body {
  const topics = [{ name: 't', topicId: t, partitionIndexes: [0] }];
  const group = { groupId: 'g', memberId: null, memberEpoch: -1, topics: all ? null : topics };
  return { groupId: 'g', topics, groups: [group], requireStable: false };
}

function growth(name: string): Body {
  return { topics: [{ name, count: 3, assignments: null }], timeoutMs: 5_000, validateOnly: true };
}

const writer = { transactionalId: 'x', producerId: 99, producerEpoch: 0 };

function addPartitions(...names: readonly string[]): Body {
  return {
    v3AndBelowTransactionalId: 'x',
    v3AndBelowProducerId: 99,
    v3AndBelowProducerEpoch: 0,
    v3AndBelowTopics: names.map((name) => ({ name, partitions: [0] })),
  };
}

function transactionalCommit(name: string, topicId: string): Body {
  const who = { generationIdOrMemberEpoch: -1, memberId: '', groupInstanceId: null };
  return { ...writer, groupId: 'g', ...who, topics: [{ name, topicId, partitions: commits }] };
}

/** The request of each case, by `api version` or `api case`. */
export const aclRequests: Readonly<Record<string, (topics: AclTopics) => Body>> = {
  'Produce 13': ({ t }) => produce('', t),
  'Produce 12': () => produce('t', ''),
  'Produce topic does not exist': () => produce('nope', ''),
  'Produce acks=0': () => produce('t', '', { acks: 0 }),
  'Produce transactional': () => produce('t', '', { transactionalId: 'x' }),
  'Produce internal topic': () => produce('__consumer_offsets', ''),
  'Fetch 18': ({ t }) => fetchOf('', t),
  'Fetch 12': () => fetchOf('t', '', { replicaId: -1 }),
  'Fetch topic does not exist': () => fetchOf('nope', '', { replicaId: -1 }),
  'Fetch as follower (replicaId 1)': ({ t }) => fetchOf('', t, { replicaState: { replicaId: 1, replicaEpoch: 1 } }),
  'ListOffsets 11': () => ({ replicaId: -1, isolationLevel: 0, topics: [{ name: 't', partitions }], timeoutMs: 1_000 }),
  'Metadata all topics': () => metadata(null),
  'Metadata by name, existing and missing': () => metadata([named('t'), named('nope')]),
  'Metadata by id, existing and unknown': ({ t }) =>
    metadata(
      [t, unknownId].map((topicId) => ({ topicId, name: null })),
      { includeTopicAuthorizedOperations: false },
    ),
  'Metadata auto create': () =>
    metadata([named('auto1')], { allowAutoTopicCreation: true, includeTopicAuthorizedOperations: false }),
  'Metadata auto create with Cluster:Create': () =>
    metadata([named('auto2')], { allowAutoTopicCreation: true, includeTopicAuthorizedOperations: false }),
  'Metadata cluster authorized operations': () =>
    metadata([], { includeTopicAuthorizedOperations: false, includeClusterAuthorizedOperations: true }),
  'OffsetCommit 10': ({ t }) => commit('', t),
  'OffsetCommit 9': () => commit('t', ''),
  'OffsetCommit topic does not exist': () => commit('nope', ''),
  'OffsetFetch 10': (topics) => fetchOffsets(topics),
  'OffsetFetch all topics': (topics) => fetchOffsets(topics, true),
  'OffsetFetch 7': (topics) => fetchOffsets(topics),
  'OffsetFetch 1': (topics) => fetchOffsets(topics),
  'FindCoordinator 6': () => ({ key: '', keyType: 0, coordinatorKeys: ['g'] }),
  'FindCoordinator 2': () => ({ key: 'g', keyType: 0 }),
  'JoinGroup 9': () => ({
    groupId: 'g',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
    reason: null,
  }),
  'SyncGroup 5': () => ({ groupId: 'g', ...member, protocolType: 'consumer', protocolName: 'range', assignments: [] }),
  'Heartbeat 4': () => ({ groupId: 'g', ...member }),
  'LeaveGroup 5': () => ({ groupId: 'g', members: [{ memberId: 'm', groupInstanceId: null, reason: null }] }),
  'DescribeGroups 6': () => ({ groups: ['g'], includeAuthorizedOperations: true }),
  'ListGroups 5': () => ({ statesFilter: [], typesFilter: [] }),
  'CreateTopics 7': () => newTopic('new1'),
  'CreateTopics topic exists': () => newTopic('t'),
  'DeleteTopics by name': () => ({ topics: [named('t2')], timeoutMs: 5_000 }),
  'DeleteTopics by name, missing': () => ({ topics: [named('nope')], timeoutMs: 5_000 }),
  'DeleteTopics by id': ({ t }) => ({ topics: [{ name: null, topicId: t }], timeoutMs: 5_000 }),
  'DeleteTopics by unknown id': () => ({ topics: [{ name: null, topicId: unknownId }], timeoutMs: 5_000 }),
  'DeleteRecords 2': () => ({
    topics: [{ name: 't', partitions: [{ partitionIndex: 0, offset: 0 }] }],
    timeoutMs: 1_000,
  }),
  'InitProducerId idempotent': () => ({ transactionalId: null, transactionTimeoutMs: 1_000 }),
  'InitProducerId transactional': () => ({ transactionalId: 'x', transactionTimeoutMs: 1_000 }),
  'FindCoordinator transaction': () => ({ key: '', keyType: 1, coordinatorKeys: ['x'] }),
  'AddPartitionsToTxn 5': () => ({
    transactions: [{ ...writer, verifyOnly: false, topics: [{ name: 't', partitions: [0] }] }],
  }),
  'AddPartitionsToTxn 3': () => addPartitions('t'),
  'AddPartitionsToTxn two topics, one allowed': () => addPartitions('t', 't2'),
  'AddOffsetsToTxn 4': () => ({ ...writer, groupId: 'g' }),
  'EndTxn 5': () => ({ ...writer, committed: true }),
  'WriteTxnMarkers 2': () => {
    const marker = { producerId: 99, producerEpoch: 0, transactionResult: false, coordinatorEpoch: 0 };
    return { markers: [{ ...marker, topics: [{ name: 't', partitionIndexes: [0] }] }] };
  },
  'TxnOffsetCommit 6': ({ t }) => transactionalCommit('', t),
  'TxnOffsetCommit 5': () => transactionalCommit('t', ''),
  'DescribeProducers 0': () => ({ topics: [{ name: 't', partitionIndexes: [0] }] }),
  'DescribeTransactions 0': () => ({ transactionalIds: ['x'] }),
  'ListTransactions 2': () => ({
    stateFilters: [],
    producerIdFilters: [],
    durationFilter: -1,
    transactionalIdPattern: null,
  }),
  'OffsetForLeaderEpoch 4': () => ({
    replicaId: -1,
    topics: [{ topic: 't', partitions: [{ partition: 0, currentLeaderEpoch: -1, leaderEpoch: 0 }] }],
  }),
  'DescribeAcls 3': () => anyAcl,
  'CreateAcls 3': () => ({ creations: [newAcl] }),
  'DeleteAcls 3': () => ({ filters: [anyAcl] }),
  'DescribeUserScramCredentials 0': () => ({ users: [{ name: 'no such user' }] }),
  'AlterUserScramCredentials 0': () => ({ deletions: [{ name: 'no such user', mechanism: 1 }], upsertions: [] }),
  'SaslHandshake after authentication': () => ({ mechanism: 'PLAIN' }),
  'DescribeConfigs topic': () => describeConfigs(2, 't'),
  'DescribeConfigs broker': () => describeConfigs(4, '1'),
  'DescribeConfigs broker logger': () => describeConfigs(8, '1'),
  'DescribeConfigs client metrics': () => describeConfigs(16, 'm'),
  'DescribeConfigs group': () => describeConfigs(32, 'g'),
  'IncrementalAlterConfigs topic': () => alterConfigs(2, 't', 'retention.ms', '1000'),
  'IncrementalAlterConfigs broker': () => alterConfigs(4, '1', 'log.retention.ms', '1000'),
  'IncrementalAlterConfigs broker logger': () => alterConfigs(8, '1', 'kafka.x', 'INFO'),
  'IncrementalAlterConfigs client metrics': () => alterConfigs(16, 'm', 'interval.ms', '1000'),
  'IncrementalAlterConfigs group': () => alterConfigs(32, 'g', 'consumer.session.timeout.ms', '50000'),
  'AlterConfigs topic': () => replaceConfigs(2, 't', 'retention.ms', '1000'),
  'AlterConfigs broker': () => replaceConfigs(4, '1', 'log.retention.ms', '1000'),
  'AlterConfigs broker logger': () => replaceConfigs(8, '1', 'root', 'INFO'),
  'AlterConfigs client metrics': () => replaceConfigs(16, 'm', 'interval.ms', '1000'),
  'AlterConfigs group': () => replaceConfigs(32, 'g', 'consumer.session.timeout.ms', '50000'),
  'ListConfigResources 1': () => ({ resourceTypes: [] }),
  'ListConfigResources v0': () => ({ resourceTypes: [] }),
  'AlterReplicaLogDirs 2': () => ({ dirs: [{ path: '/data', topics: [{ name: 't', partitions: [0] }] }] }),
  'DescribeLogDirs 5': () => ({ topics: null }),
  'DescribeLogDirs 1': () => ({ topics: null }),
  'CreatePartitions 3': () => growth('t'),
  'CreatePartitions missing': () => growth('nope'),
  'DeleteGroups 3': () => ({ groupsNames: ['g'] }),
  'OffsetDelete 0': () => ({ groupId: 'g', topics: [{ name: 't', partitions: [{ partitionIndex: 0 }] }] }),
  'ConsumerGroupHeartbeat 1': () => ({ ...consumerBeat, subscribedTopicNames: ['t'] }),
  'ConsumerGroupHeartbeat by regex': () => ({ ...consumerBeat, memberId: 'r', subscribedTopicRegex: 't.*' }),
  'ConsumerGroupDescribe 1': () => ({ groupIds: ['cg'], includeAuthorizedOperations: true }),
  'DescribeClientQuotas 1': () => ({ components: [], strict: false }),
  'AlterClientQuotas 1': () => ({
    entries: [
      {
        entity: [{ entityType: 'user', entityName: 'u' }],
        ops: [{ key: 'producer_byte_rate', value: 1_000, remove: false }],
      },
    ],
    validateOnly: true,
  }),
  'DescribeQuorum 2': () => ({ topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] }),
  'ElectLeaders 2': () => ({
    electionType: 0,
    topicPartitions: [{ topic: 't', partitions: [0] }],
    timeoutMs: 5_000,
  }),
  'AlterPartitionReassignments 1': () => ({
    timeoutMs: 5_000,
    topics: [{ name: 't', partitions: [{ partitionIndex: 0, replicas: null }] }],
  }),
  'ListPartitionReassignments 0': () => ({ timeoutMs: 5_000, topics: null }),
  'UnregisterBroker 0': () => ({ brokerId: 77 }),
  'DescribeTopicPartitions 0': () => ({ topics: [{ name: 't' }, { name: 'nope' }], cursor: null }),
  'DescribeTopicPartitions all': () => ({ topics: [], cursor: null }),
  'AddRaftVoter 1': () => ({
    clusterId: null,
    timeoutMs: 1_000,
    voterId: 9,
    voterDirectoryId: unknownId,
    listeners: [],
    ackWhenCommitted: true,
  }),
  'RemoveRaftVoter 0': () => ({ clusterId: null, voterId: 9, voterDirectoryId: unknownId }),
  'UpdateFeatures 2': () => ({ timeoutMs: 5_000, featureUpdates: [], validateOnly: true }),
  'DescribeCluster 2': () => ({ includeClusterAuthorizedOperations: true, endpointType: 1 }),
  'DescribeCluster with fenced brokers': () => ({ endpointType: 1, includeFencedBrokers: true }),
  'ApiVersions 4': () => ({ clientSoftwareName: 'test', clientSoftwareVersion: '1' }),
};
