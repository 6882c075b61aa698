import type { MessageOf } from '../schema.ts';
import { array, int16, int32, message, string } from '../schema.ts';

/** Moves replicas of a broker to another of its log folders (KIP-113). 2: flexible. */
export const alterReplicaLogDirsRequest = message(
  { name: 'AlterReplicaLogDirsRequest', key: 34, versions: '1-2', flexible: '2+' },
  {
    dirs: array('0+', {
      path: string('0+'),
      topics: array('0+', { name: string('0+'), partitions: array('0+', 'int32') }),
    }),
  },
);
export type AlterReplicaLogDirsRequest = MessageOf<typeof alterReplicaLogDirsRequest>;

export const alterReplicaLogDirsResponse = message(
  { name: 'AlterReplicaLogDirsResponse', key: 34, versions: '1-2', flexible: '2+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    results: array('0+', {
      topicName: string('0+'),
      partitions: array('0+', { partitionIndex: int32('0+'), errorCode: int16('0+') }),
    }),
  },
);
export type AlterReplicaLogDirsResponse = MessageOf<typeof alterReplicaLogDirsResponse>;
