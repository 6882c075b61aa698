import { expect, it } from 'vitest';
import type { MessageOf } from '../../../protocol/schema.ts';
import type {
  describeLogDirsRequest,
  describeLogDirsResponse,
} from '../../../protocol/schemas/35-describe-log-dirs.ts';
import type { PartitionStatus } from '../../replica/partition-status.ts';
import { fakeServices } from '../testing/fake-services.ts';
import { requestContext } from '../testing/request-context.ts';
import { describeLogDirsHandler } from './35-describe-log-dirs.ts';

type Request = MessageOf<typeof describeLogDirsRequest>;
type Response = MessageOf<typeof describeLogDirsResponse>;

function describeFor(topics: Request['topics']): Response['results'] {
  const status = (topic: string, partition: number, sizeBytes: number) =>
    ({ topic, partition, sizeBytes, highWatermark: 10, endOffset: 7 }) as PartitionStatus;
  const partitionStatus = () => [status('orders', 0, 100), status('orders', 1, 200), status('bills', 0, 300)];
  const broker = fakeServices({
    dataFolder: '/data',
    diskSpace: () => ({ totalBytes: 1_000, usableBytes: 400 }),
    replicas: { partitionStatus } as never,
  });
  return (describeLogDirsHandler.handle({ topics }, requestContext(35, 4), broker) as Response).results;
}

it('tells the size of every replica here when all topics are asked for', () => {
  const [folder] = describeFor(null);
  expect(folder).toMatchObject({ logDir: '/data', totalBytes: 1_000, usableBytes: 400 });
  expect(folder?.topics.map(({ name, partitions }) => [name, partitions.map((row) => row.partitionSize)])).toEqual([
    ['orders', [100, 200]],
    ['bills', [300]],
  ]);
  expect(folder?.topics[0]?.partitions[0]?.offsetLag).toBe(3);
});

it('leaves out partitions that were not asked for or are not here', () => {
  const [folder] = describeFor([{ topic: 'orders', partitions: [1, 9] }]);
  expect(folder?.topics).toEqual([{ name: 'orders', partitions: [expect.objectContaining({ partitionIndex: 1 })] }]);
});
