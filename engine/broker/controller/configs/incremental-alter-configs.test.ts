import { expect, it } from 'vitest';
import { errorName } from '../../../protocol/error-codes.ts';
import { planAllocateProducerIds } from '../producer-ids/allocate-producer-ids.ts';
import { TestController } from '../testing/controller-fixture.ts';
import { planCreateTopics } from '../topics/create-topics.ts';
import { planIncrementalAlterConfigs } from './incremental-alter-configs.ts';

function started(): TestController {
  const controller = new TestController().start(1);
  const topics = [{ name: 't', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }];
  controller.run(planCreateTopics(controller.view, { topics, timeoutMs: 1, validateOnly: false }));
  return controller;
}

function alter(
  controller: TestController,
  name: string,
  configOperation: number,
  value: string | null,
  resource = 't',
) {
  const resources = [{ resourceType: 2, resourceName: resource, configs: [{ name, configOperation, value }] }];
  const reply = controller.run(planIncrementalAlterConfigs(controller.view, { resources, validateOnly: false }));
  return errorName(reply.responses[0]!.errorCode);
}

it('sets, appends, subtracts and deletes', () => {
  const controller = started();
  const value = (name: string) => controller.image.configs('topic', 't').get(name);
  expect(alter(controller, 'retention.ms', 0, '5')).toBe('NONE');
  expect(value('retention.ms')).toBe('5');
  expect(alter(controller, 'cleanup.policy', 2, 'compact')).toBe('NONE');
  expect(value('cleanup.policy')).toBe('delete,compact');
  expect(alter(controller, 'cleanup.policy', 3, 'delete')).toBe('NONE');
  expect(value('cleanup.policy')).toBe('compact');
  expect(alter(controller, 'retention.ms', 1, null)).toBe('NONE');
  expect(value('retention.ms')).toBeUndefined();
});

it('refuses what does not fit, and changes nothing then', () => {
  const controller = started();
  expect(alter(controller, 'retention.ms', 0, 'long')).toBe('INVALID_CONFIG');
  expect(alter(controller, 'no.such', 0, '1')).toBe('INVALID_CONFIG');
  expect(alter(controller, 'retention.ms', 2, '1')).toBe('INVALID_CONFIG');
  expect(alter(controller, 'retention.ms', 0, null)).toBe('INVALID_REQUEST');
  expect(alter(controller, 'retention.ms', 0, '1', 'other')).toBe('UNKNOWN_TOPIC_OR_PARTITION');
  expect(controller.image.configs('topic', 't').size).toBe(0);
});

it('gives every block of producer ids once', () => {
  const controller = started();
  const ask = (brokerEpoch: number) =>
    controller.run(planAllocateProducerIds(controller.view, { brokerId: 1, brokerEpoch }));
  const { epoch } = controller.image.brokers.get(1)!;
  expect([ask(epoch), ask(epoch)].map((reply) => reply.producerIdStart)).toEqual([0, 1_000]);
  expect(errorName(ask(epoch + 1).errorCode)).toBe('STALE_BROKER_EPOCH');
});

it('changes nothing of a resource that is named twice', () => {
  const controller = started();
  const resource = (value: string, resourceName = 't', resourceType = 2) => ({
    resourceType,
    resourceName,
    configs: [{ name: 'retention.ms', configOperation: 0, value }],
  });
  const resources = [resource('5'), resource('6'), resource('7', '', 4)];
  const reply = controller.run(planIncrementalAlterConfigs(controller.view, { resources, validateOnly: false }));
  expect(reply.responses.map((one) => errorName(one.errorCode))).toEqual([
    'INVALID_REQUEST',
    'INVALID_REQUEST',
    'NONE',
  ]);
  expect(controller.image.configs('topic', 't').size).toBe(0);
  expect(controller.image.configs('broker', '').get('retention.ms')).toBe('7');
});

it('knows the default of no topic, no illegal name and not the quorum’s log', () => {
  const controller = started();
  expect(alter(controller, 'retention.ms', 0, '5', '')).toBe('INVALID_REQUEST');
  expect(alter(controller, 'retention.ms', 0, '5', 'a b')).toBe('INVALID_TOPIC_EXCEPTION');
  expect(alter(controller, 'retention.ms', 0, '5', '__cluster_metadata')).toBe('UNKNOWN_TOPIC_OR_PARTITION');
});
