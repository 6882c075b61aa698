import { expect, it } from 'vitest';
import { rollingRestart } from './rolling-restart.ts';

/** Brokers of which each lacks replicas for a while after its restart. */
function fakeBrokers(looksUntilInSync: number) {
  const events: string[] = [];
  let left = 0;
  const brokers = {
    ids: [1, 2, 3],
    restart: async (id: number) => {
      events.push(left > 0 ? `restarted ${id} too early` : `restarted ${id}`);
      left = looksUntilInSync;
    },
    lacking: async () => (left > 0 ? left-- : 0),
  };
  return { brokers, events };
}

const options = { note: () => {}, pause: async () => {} };

it('restarts one broker after the other, each when all replicas are in sync again', async () => {
  const { brokers, events } = fakeBrokers(7);
  await rollingRestart(brokers, options);
  expect(events).toEqual(['restarted 1', 'restarted 2', 'restarted 3']);
});

it('stops where replicas do not come back, and leaves the other brokers as they were', async () => {
  const { brokers, events } = fakeBrokers(Number.POSITIVE_INFINITY);
  const failing = rollingRestart(brokers, { ...options, inSyncWaitMsMax: 1_000 });
  await expect(failing).rejects.toMatchObject({ code: 'REPLICAS_NOT_IN_SYNC' });
  expect(events).toEqual(['restarted 1']);
});
