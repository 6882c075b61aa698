import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../base/testing/seeded-random.ts';
import { clientApis } from '../protocol/client-apis.ts';
import type { Acknowledgement, ShareSettings, TakenShareRecord } from './share-consumer.ts';
import { ShareConsumer } from './share-consumer.ts';
import { ScriptedCluster } from './testing/scripted-cluster.ts';
import { ScriptedGroup } from './testing/scripted-group.ts';
import { ScriptedLogs } from './testing/scripted-logs.ts';
import { ScriptedReads } from './testing/scripted-reads.ts';
import { ScriptedShares } from './testing/scripted-shares.ts';

/** A share consumer on two brokers in memory, which does with each record what the test says. */
async function ground(
  outcomeOf: (taken: TakenShareRecord) => Acknowledgement | undefined,
  settings: Partial<ShareSettings> = {},
) {
  const cluster = new ScriptedCluster(2);
  const logs = new ScriptedLogs(cluster);
  const reads = new ScriptedReads(cluster, logs);
  new ScriptedGroup(cluster, logs);
  const shares = new ScriptedShares(cluster, logs);
  logs.create('t', 2);
  reads.append('t', 0, 'a0', 'a1', 'a2', 'a3');
  reads.append('t', 1, 'b0', 'b1', 'b2', 'b3');
  const taken: TakenShareRecord[] = [];
  const refused: string[] = [];
  const consumer: ShareConsumer = new ShareConsumer(
    cluster.connection({ retryBackoffMs: 10 }),
    { groupId: 'g', topics: ['t'], fetchWaitMsMax: 20, ...settings },
    {
      readable: () => {
        for (let next = consumer.take(); next; next = consumer.take()) {
          taken.push(next);
          const outcome = outcomeOf(next);
          if (outcome) next.acknowledge(outcome);
        }
      },
      unacknowledged: (_topic, partition, { code }) => refused.push(`${partition} ${code}`),
    },
  );
  let isStarted = false;
  void consumer.start().then(() => {
    isStarted = true;
  });
  await cluster.until('it has started', () => isStarted);
  const states = () => [...shares.states.values()].map(({ state }) => state);
  const all = (...wanted: string[]) =>
    cluster.until(
      `all are ${wanted}`,
      () => states().length === 8 && states().every((state) => wanted.includes(state)),
    );
  return { cluster, logs, shares, consumer, taken, refused, states, all };
}

describe('ShareConsumer', () => {
  it('tells leaders what became of each record, and takes again what it released', async () => {
    const { all, taken, shares } = await ground(({ record, deliveryCount }) => {
      const value = String(record.value);
      if (value.endsWith('0')) return 'reject';
      return value.endsWith('1') && deliveryCount === 1 ? 'release' : 'accept';
    });
    await all('accepted', 'rejected');
    expect(taken).toHaveLength(10);
    expect(shares.states.get('0:1')).toMatchObject({ state: 'accepted', deliveries: 2 });
    expect(shares.states.get('1:0')).toMatchObject({ state: 'rejected', deliveries: 1 });
  });

  it('accepts what it has handed out with the next take, when that is implied', async () => {
    const { cluster, consumer, taken, states } = await ground(() => undefined, { acknowledgement: 'implicit' });
    await cluster.until('all are taken', () => taken.length === 8);
    let isFlushed = false;
    void consumer.flush().then(() => {
      isFlushed = true;
    });
    await cluster.until('all are told', () => isFlushed);
    expect(new Set(states())).toEqual(new Set(['accepted']));
  });

  it('renews locks, and hands back what it has when it closes', async () => {
    const { cluster, consumer, taken, shares, states } = await ground(() => undefined);
    await cluster.until('all are taken', () => taken.length === 8);
    taken[0]!.acknowledge('renew');
    await cluster.until('it is renewed', () => [...shares.states.values()].some(({ renewals }) => renewals === 1));
    taken[1]!.acknowledge('accept');
    void consumer.close();
    await cluster.until('it has left', () => shares.leaves === 1);
    expect(states().filter((state) => state === 'accepted')).toHaveLength(1);
    expect(states().filter((state) => state === 'available')).toHaveLength(7);
    expect(cluster.requests(clientApis.shareAcknowledge).some(({ body }) => body.isRenewAck)).toBe(true);
  });

  it('says which partition lost its acknowledgements with the session, and opens another', async () => {
    const { cluster, shares, taken, refused, all } = await ground(({ deliveryCount }) =>
      deliveryCount > 1 ? 'accept' : undefined,
    );
    await cluster.until('all are taken', () => taken.length === 8);
    let isLost = false;
    shares.fault = () => {
      const isNow = !isLost;
      isLost = true;
      return isNow ? 'session lost' : undefined;
    };
    for (const each of taken.slice(0, 8)) each.acknowledge('accept');
    await all('accepted');
    expect(refused.length).toBeGreaterThan(0);
  });

  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'leaves no record behind when answers, sessions and leaders are lost, seed %d',
    async (seed) => {
      const random = new SeededRandom(seed);
      const outcomes: Acknowledgement[] = ['accept', 'release', 'reject', 'renew', 'accept'];
      const { cluster, logs, shares, all } = await ground((taken) => {
        if (taken.deliveryCount > 3) return 'accept';
        return outcomes[Math.floor(random.next() * outcomes.length)]!;
      });
      shares.fault = () => {
        const chance = random.next();
        if (chance < 0.1) return 'answer lost';
        return chance < 0.2 ? 'session lost' : undefined;
      };
      for (let step = 0; step < 20; step++) {
        await cluster.run(random.next() * 100);
        if (random.next() < 0.2) logs.move('t', step % 2, 1 + Math.floor(random.next() * 2));
        if (random.next() < 0.1) cluster.drop(1 + Math.floor(random.next() * 2));
      }
      shares.fault = () => undefined;
      // Whatever was only renewed is handed out again once its session is lost.
      cluster.drop(1);
      cluster.drop(2);
      await all('accepted', 'rejected', 'acquired');
    },
  );
});
