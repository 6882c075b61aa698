import { expect, it } from 'vitest';
import { messageOf } from '../../../base/errors.ts';
import { randomBelow } from '../../../base/random.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { QuorumCluster } from './testing/quorum-cluster.ts';

const seeds = 30;
const rounds = 12;

/** Something bad happens, or ends. */
function strike(cluster: QuorumCluster, random: SeededRandom): void {
  const id = randomBelow(random, cluster.machines.length) + 1;
  const victim = random.next() < 0.4 ? (cluster.controller?.nodeId ?? id) : id;
  switch (randomBelow(random, 4)) {
    case 0:
      cluster.crash(victim);
      break;
    case 1:
      cluster.isolate(victim);
      break;
    case 2:
      cluster.cut.clear();
      break;
    default:
      for (const machine of cluster.machines) if (!machine.node) cluster.start(machine.id);
  }
}

async function runSeed(seed: number): Promise<void> {
  const random = new SeededRandom(seed);
  const settings = { snapshotAfterBytes: 1_500 + random.next() * 5_000, fetchBytesMax: 600, segmentBytes: 20_000 };
  const cluster = new QuorumCluster(seed, 3, { ...settings, submitTimeoutMs: 1_500 }).start();
  await cluster.advance(400);
  const acknowledged = new Map<string, string | undefined>();
  for (let round = 0; round < rounds; round++) {
    strike(cluster, random);
    const via = cluster.running[randomBelow(random, 3)]?.nodeId;
    if (via !== undefined) {
      const name = `topic-${round}`;
      const code = await cluster.createTopic(via, name, 2, 1).catch(() => undefined);
      if (code === errorCode.NONE) acknowledged.set(name, undefined);
    }
    await cluster.advance(random.next() * 1_500);
  }
  cluster.cut.clear();
  for (const machine of cluster.machines) if (!machine.node) cluster.start(machine.id);
  await cluster.until('all brokers in service', 10_000, () =>
    cluster.running.every(({ image }) => [...image.brokers.values()].filter((broker) => !broker.fenced).length === 3),
  );
  await cluster.advance(2_000);
  const [first, ...others] = cluster.running.map((node) => node.image);
  for (const name of acknowledged.keys()) expect(first?.topics.has(name), `acknowledged ${name}`).toBe(true);
  for (const topic of first!.topics.values())
    for (const { leader, isr } of topic.partitions) expect(isr, `${topic.name}, leader ${leader}`).toContain(leader);
  for (const other of others) expect({ ...other, epoch: 0 }).toEqual({ ...first, epoch: 0 });
}

it(`keeps every acknowledged topic through crashes, power cuts and partitions, for ${seeds} seeds`, async () => {
  for (let seed = 1; seed <= seeds; seed++) {
    try {
      await runSeed(seed);
    } catch (error) {
      throw new Error(`seed ${seed}: ${messageOf(error)}`, { cause: error });
    }
  }
});
