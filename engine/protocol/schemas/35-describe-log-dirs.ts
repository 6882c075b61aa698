import type { MessageOf } from '../schema.ts';
import { array, bool, int16, int32, int64, message, string } from '../schema.ts';

/** Sizes of the replicas on a broker's disks. 3: an error for the whole response. 4: sizes of the disks (KIP-827). */
export const describeLogDirsRequest = message(
  { name: 'DescribeLogDirsRequest', key: 35, versions: '1-5', flexible: '2+' },
  {
    topics: array('0+', { topic: string('0+'), partitions: array('0+', 'int32') }, { nullable: '0+' }),
  },
);
export type DescribeLogDirsRequest = MessageOf<typeof describeLogDirsRequest>;

export const describeLogDirsResponse = message(
  { name: 'DescribeLogDirsResponse', key: 35, versions: '1-5', flexible: '2+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('3+'),
    results: array('0+', {
      errorCode: int16('0+'),
      logDir: string('0+'),
      topics: array('0+', {
        name: string('0+'),
        partitions: array('0+', {
          partitionIndex: int32('0+'),
          partitionSize: int64('0+'),
          offsetLag: int64('0+'),
          isFutureKey: bool('0+'),
        }),
      }),
      totalBytes: int64('4+', { default: -1 }),
      usableBytes: int64('4+', { default: -1 }),
      isCordoned: bool('5+', { default: false }),
    }),
  },
);
export type DescribeLogDirsResponse = MessageOf<typeof describeLogDirsResponse>;
