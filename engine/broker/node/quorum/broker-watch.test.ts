import { expect, it } from 'vitest';
import { TestController } from '../../controller/testing/controller-fixture.ts';
import { BrokerWatch } from './broker-watch.ts';

const timeoutMs = 3_000;

it('gives every broker a whole session at the start of a term, and each heartbeat a new one', () => {
  const { image, view } = new TestController().start(1, 2);
  const watch = new BrokerWatch(image, timeoutMs, 1_000);
  expect(watch.nextExpiryMs(image)).toBe(4_000);
  watch.planHeartbeat(
    view,
    {
      brokerId: 1,
      brokerEpoch: image.brokers.get(1)!.epoch,
      currentMetadataOffset: image.offset,
      wantFence: false,
      wantShutDown: false,
      offlineLogDirs: [],
      cordonedLogDirs: null,
    },
    2_500,
  );
  expect(watch.expired(image, 3_999)).toEqual([]);
  expect(watch.expired(image, 4_000).map((broker) => broker.id)).toEqual([2]);
  expect(watch.expired(image, 5_500).map((broker) => broker.id)).toEqual([1, 2]);
});

it('holds nobody to a time in which this process was suspended', () => {
  const { image } = new TestController().start(1);
  const watch = new BrokerWatch(image, timeoutMs, 0);
  watch.forgive(60_000);
  expect(watch.expired(image, 60_500)).toEqual([]);
  expect(watch.nextExpiryMs(image)).toBe(63_000);
});
