import { silentLog } from '../../../base/log.ts';
import { ManualClock } from '../../../base/testing/manual-clock.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import type { ClusterView } from '../metadata/cluster-view.ts';
import type { BrokerServices } from '../services.ts';
import { testSettings } from './test-settings.ts';

export const testClusterId = 'AAAAAAAAAAAAAAAAAAAAAw';

/** Three brokers, the third fenced; `orders` has a partition led by 1 and one whose leader is the fenced broker. */
export function testView(): ClusterView {
  const orders = {
    id: 'orders-id-AAAAAAAAAAAg',
    name: 'orders',
    partitions: [
      { replicas: [1, 2, 3], isr: [1, 2], leader: 1, leaderEpoch: 4 },
      { replicas: [3], isr: [3], leader: 3, leaderEpoch: 0 },
    ],
  };
  return {
    clusterId: testClusterId,
    brokers: new Map(
      [1, 2, 3].map((id) => [
        id,
        { id, host: '127.0.0.1', port: 9000 + id, endPoints: [], rack: null, fenced: id === 3 },
      ]),
    ),
    topics: new Map([['orders', orders]]),
    topicsById: new Map([[orders.id, orders]]),
  };
}

/** Services of broker 1 over `testView`, with what the test replaces. */
export function fakeServices(replace: Partial<BrokerServices> = {}): BrokerServices {
  const view = testView();
  return {
    brokerId: 1,
    clusterId: testClusterId,
    clock: new ManualClock(),
    random: new SeededRandom(1),
    log: silentLog,
    settings: testSettings,
    serves: () => true,
    describeSettings: () => [],
    listenerConfigFault: () => undefined,
    untilReady: () => undefined,
    metadata: () => ({ ...view, offset: 0, features: new Map() }),
    activeControllerId: () => 3,
    quorum: { until: () => Promise.resolve() },
    controller: { submit: () => Promise.reject(new Error('no controller in this test')) },
    ...replace,
  } as BrokerServices;
}
