import { planAlterPartition } from '../partitions/alter-partition.ts';
import { planCreateTopics } from '../topics/create-topics.ts';
import { TestController } from './controller-fixture.ts';

/** A cluster with a topic `t` of one partition, with these replicas among these brokers. Tests only. */
export function clusterWithTopic(
  replicas: readonly number[],
  options: { readonly brokers?: readonly number[]; readonly minIsr?: number } = {},
): TestController {
  const { brokers = replicas, minIsr = 1 } = options;
  const controller = new TestController({ minInsyncReplicas: minIsr }).start(...brokers);
  const assignments = [{ partitionIndex: 0, brokerIds: [...replicas] }];
  const topics = [{ name: 't', numPartitions: -1, replicationFactor: -1, assignments, configs: [] }];
  controller.run(planCreateTopics(controller.view, { topics, timeoutMs: 1, validateOnly: false }));
  return controller;
}

/** The leader of `t-0` tells who is in sync; returns its row. Tests only. */
export function tellInSync(controller: TestController, isr: readonly number[]) {
  const { leader, leaderEpoch, partitionEpoch } = controller.partition('t');
  const epochOf = (brokerId: number) => controller.image.brokers.get(brokerId)?.epoch ?? -1;
  const asked = {
    partitionIndex: 0,
    leaderEpoch,
    partitionEpoch,
    newIsr: [],
    newIsrWithEpochs: isr.map((brokerId) => ({ brokerId, brokerEpoch: epochOf(brokerId) })),
    leaderRecoveryState: 0,
  };
  const topics = [{ topicId: controller.image.topics.get('t')!.id, partitions: [asked] }];
  const request = { brokerId: leader, brokerEpoch: epochOf(leader), topics };
  return controller.run(planAlterPartition(controller.view, request)).topics[0]!.partitions[0]!;
}
