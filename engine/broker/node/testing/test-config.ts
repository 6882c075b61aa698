import { testClusterId } from '../../api/testing/fake-services.ts';
import { brokerConfigFrom } from '../config/broker-config.ts';

export const testClusterKey = 'abcdefghijklmnopqrstuv';

export const testConfig = brokerConfigFrom({
  brokerId: 1,
  clusterId: testClusterId,
  clusterKey: testClusterKey,
  dataFolder: '/data',
  listen: { host: '127.0.0.1', port: 0 },
  voters: [1, 2, 3].map((id) => ({ id, host: '127.0.0.1', port: 9000 + id })),
});
