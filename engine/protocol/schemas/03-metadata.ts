import type { MessageOf } from '../schema.ts';
import { array, bool, int16, int32, message, string, uuid } from '../schema.ts';

/** Topics that one request may name; above that it is not read. Clients ask for hundreds, or for all at once. */
const askedTopicsMax = 100_000;

/**
 * Brokers, topics, partitions and their leaders.
 * 1: null topics means all, controller id. 2: cluster id. 4: auto creation flag. 5: offline replicas.
 * 7: leader epoch. 8-10: authorized operations. 9: flexible. 10-12: topic ids (KIP-516). 13: top-level error code.
 */
export const metadataRequest = message(
  { name: 'MetadataRequest', key: 3, versions: '0-13', flexible: '9+' },
  {
    topics: array(
      '0+',
      {
        topicId: uuid('10+'),
        name: string('0+', { nullable: '10+' }),
      },
      { nullable: '1+', elementsMax: askedTopicsMax },
    ),
    allowAutoTopicCreation: bool('4+', { default: true }),
    includeClusterAuthorizedOperations: bool('8-10'),
    includeTopicAuthorizedOperations: bool('8+'),
  },
);
export type MetadataRequest = MessageOf<typeof metadataRequest>;

export const metadataResponse = message(
  { name: 'MetadataResponse', key: 3, versions: '0-13', flexible: '9+' },
  {
    throttleTimeMs: int32('3+', { default: 0 }),
    brokers: array('0+', {
      nodeId: int32('0+'),
      host: string('0+'),
      port: int32('0+'),
      rack: string('1+', { nullable: '1+', default: null }),
    }),
    clusterId: string('2+', { nullable: '2+', default: null }),
    controllerId: int32('1+', { default: -1 }),
    topics: array('0+', {
      errorCode: int16('0+'),
      name: string('0+', { nullable: '12+' }),
      topicId: uuid('10+'),
      isInternal: bool('1+', { default: false }),
      partitions: array('0+', {
        errorCode: int16('0+'),
        partitionIndex: int32('0+'),
        leaderId: int32('0+'),
        leaderEpoch: int32('7+', { default: -1 }),
        replicaNodes: array('0+', 'int32'),
        isrNodes: array('0+', 'int32'),
        offlineReplicas: array('5+', 'int32'),
      }),
      topicAuthorizedOperations: int32('8+', { default: -2147483648 }),
    }),
    clusterAuthorizedOperations: int32('8-10', { default: -2147483648 }),
    errorCode: int16('13+'),
  },
);
export type MetadataResponse = MessageOf<typeof metadataResponse>;
