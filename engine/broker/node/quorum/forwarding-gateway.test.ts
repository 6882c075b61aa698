import { expect, it } from 'vitest';
import { ManualClock } from '../../../base/testing/manual-clock.ts';
import { apis } from '../../../protocol/api-keys.ts';
import { ForwardingGateway } from './forwarding-gateway.ts';

/** Lets promise callbacks run. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

const heartbeat = { brokerId: 1, brokerEpoch: 1, currentMetadataOffset: 1, wantFence: false, wantShutDown: false };

it('waits no longer for this broker than for another one, and asks again', async () => {
  const clock = new ManualClock();
  let asked = 0;
  const gateway = new ForwardingGateway({
    nodeId: 1,
    clock,
    request: () => Promise.reject(new Error('nobody else is asked')),
    submitTimeoutMs: 10_000,
    requestTimeoutMs: 1_000,
    leaderId: () => 1,
    runHere: () => (++asked === 1 ? new Promise(() => {}) : Promise.resolve({ errorCode: 0, isFenced: false })),
  });
  const answer = gateway.submit(apis.brokerHeartbeat, heartbeat);
  await settle();
  clock.advance(1_000);
  await settle();
  clock.advance(10);
  await settle();
  expect(asked).toBe(2);
  expect(await answer).toMatchObject({ isFenced: false });

  asked = 0;
  const unanswered = gateway.submit(apis.createTopics, { topics: [] }, { timeoutMs: 3_000 });
  const refused = expect(unanswered).rejects.toMatchObject({ code: 'CONTROLLER_UNREACHABLE', retriable: true });
  clock.advance(3_000);
  await refused;
});
