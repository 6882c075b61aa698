import { expect, it } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { AlterReplicaLogDirsResponse } from '../../../protocol/schemas/34-alter-replica-log-dirs.ts';
import { fakeServices } from '../testing/fake-services.ts';
import { requestContext } from '../testing/request-context.ts';
import { alterReplicaLogDirsHandler } from './34-alter-replica-log-dirs.ts';

function codeOf(path: string, name: string, partition: number): number | undefined {
  const hostedPartition = (topic: string, index: number) => (topic === 'orders' && index === 0 ? {} : undefined);
  const services = fakeServices({ dataFolder: '/data', replicas: { hostedPartition } as never });
  const request = { dirs: [{ path, topics: [{ name, partitions: [partition] }] }] };
  const response = alterReplicaLogDirsHandler.handle(request, requestContext(34, 2), services);
  return (response as AlterReplicaLogDirsResponse).results[0]?.partitions[0]?.errorCode;
}

it.each([
  ['/data', 'orders', 0, errorCode.NONE],
  ['/data', 'orders', 1, errorCode.NOT_LEADER_OR_FOLLOWER],
  ['/data', 'nowhere', 0, errorCode.UNKNOWN_TOPIC_OR_PARTITION],
  ['/elsewhere', 'orders', 0, errorCode.LOG_DIR_NOT_FOUND],
])('to %s: %s-%i is %i', (path, topic, partition, code) => {
  expect(codeOf(path, topic, partition)).toBe(code);
});
