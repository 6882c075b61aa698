import { describe, expect, it } from 'vitest';
import type { Random } from '../../base/random.ts';
import { randomBelow } from '../../base/random.ts';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { apis } from '../../protocol/api-keys.ts';
// Loaded before the tests: the producer imports it when it is first needed, which takes time that their clock does not know.
import '../../records/record-compress.ts';
import { KafkaProducer } from '../producer.ts';
import type { ProducerSettings } from '../producer-settings.ts';
import { ScriptedCluster } from '../testing/scripted-cluster.ts';
import { ScriptedLogs } from '../testing/scripted-logs.ts';

const brokers = 3;
const partitions = 6;

const chance = (random: Random, part: number): boolean => random.next() < part;

function pick<T>(random: Random, from: readonly T[]): T {
  return from[randomBelow(random, from.length)]!;
}

/** A producer under load while leaders move, brokers die, freeze and come back. */
class Storm {
  readonly random: SeededRandom;
  readonly cluster = new ScriptedCluster(brokers);
  readonly logs = new ScriptedLogs(this.cluster);
  readonly producer: KafkaProducer;
  /** What each record was told, in the order of `deliver`. */
  readonly outcomes: string[][] = [];
  readonly #frozen = new Set<number>();

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    const settings: Partial<ProducerSettings> = {
      lingerMs: pick(this.random, [0, 0, 5, 200]),
      compression: pick(this.random, ['none', 'none', 'gzip']),
      acks: pick(this.random, ['all', 'all', 1]),
      batchBytesMax: pick(this.random, [500, 5_000, 262_144]),
      deliveryWaitMsMax: pick(this.random, [2_000, 30_000, 120_000]),
    };
    this.logs.create('t', partitions);
    // A frozen broker answers nothing, or has written and its answer is lost.
    this.cluster.on(apis.produce, ({ broker, body }) => {
      if (!this.#frozen.has(broker)) return undefined;
      if (chance(this.random, 0.5))
        for (const { name, topicId, partitionData } of body.topicData)
          for (const { index, records } of partitionData) this.logs.produce(broker, name, topicId, index, records!);
      return 'silence';
    });
    this.producer = new KafkaProducer(this.cluster.connection({ requestTimeoutMs: 3_000 }, seed), settings);
  }

  deliver(count: number): void {
    for (let each = 0; each < count; each++) {
      if (this.producer.ready()) return;
      const told: string[] = [];
      const value = Buffer.from(`${this.outcomes.push(told) - 1}`);
      const where = chance(this.random, 0.5) ? { partition: randomBelow(this.random, partitions) } : {};
      this.producer.deliver(
        { topic: 't', key: null, value, ...where },
        {
          sent: (partition, offset) => told.push(`sent ${partition}@${offset}`),
          failed: (error) => told.push((error as { code?: string }).code ?? String(error)),
        },
      );
    }
  }

  /** Something happens to the cluster; partitions that lose their leader get another one, or wait for it. */
  harm(): void {
    const { random, cluster } = this;
    const broker = pick(random, cluster.brokers);
    switch (randomBelow(random, 5)) {
      case 0:
        cluster.down(broker);
        break;
      case 1:
        cluster.drop(broker);
        break;
      case 2:
        this.#frozen.add(broker);
        break;
      case 3:
        this.#heal(broker);
        break;
      default:
    }
    if (chance(random, 0.7)) this.#elect();
  }

  heal(): void {
    for (const broker of this.cluster.brokers) this.#heal(broker);
  }

  #heal(broker: number): void {
    this.cluster.up(broker);
    this.#frozen.delete(broker);
  }

  #elect(): void {
    const alive = this.cluster.brokers.filter((id) => !this.cluster.isDown(id) && !this.#frozen.has(id));
    for (let partition = 0; partition < partitions; partition++)
      if (alive.length > 0 && chance(this.random, 0.5)) this.logs.move('t', partition, pick(this.random, alive));
  }

  /** Closes and lets time pass until that is done. */
  async close(waitMsMax: number): Promise<void> {
    let isClosed = false;
    const closed = this.producer.close(waitMsMax).finally(() => {
      isClosed = true;
    });
    await this.cluster.until('the end of close', () => isClosed, 120_000);
    await closed;
  }

  /** Every value that some log has. */
  written(): Set<string> {
    return new Set(Array.from({ length: partitions }, (_, index) => this.logs.values('t', index)).flat());
  }
}

async function stormyLife(seed: number): Promise<Storm> {
  const storm = new Storm(seed);
  const { random, cluster } = storm;
  for (let step = randomBelow(random, 30); step >= 0; step--) {
    storm.deliver(randomBelow(random, 60));
    if (chance(random, 0.4)) storm.harm();
    await cluster.run(pick(random, [0, 1, 3, 20, 200, 1_500]));
  }
  storm.deliver(randomBelow(random, 100));
  return storm;
}

function check(storm: Storm): void {
  const untold = storm.outcomes.filter(({ length }) => length !== 1);
  expect(untold, 'records that were told nothing, or more than one thing').toEqual([]);
  expect([storm.producer.pendingRecords, storm.producer.pendingBytes]).toEqual([0, 0]);
  const written = storm.written();
  const lost = storm.outcomes.flatMap(([told], value) =>
    told!.startsWith('sent') && !written.has(String(value)) ? [value] : [],
  );
  expect(lost, 'records that were acknowledged and are nowhere').toEqual([]);
}

const seeds = Array.from({ length: Number(process.env.CLOSE_SEEDS ?? 20) }, (_, index) => index + 1);

describe('closing a producer', () => {
  it('tells each record one thing, whatever happens to the cluster meanwhile', async () => {
    for (const seed of seeds) {
      const storm = await stormyLife(seed);
      const { random, cluster } = storm;
      const stormy = pick(random, [0, 50, 500, 3_000]);
      const shakes = [0.2, 0.5, 0.9].map((part) => cluster.clock.after(stormy * part, () => storm.harm()));
      await storm.close(pick(random, [0, 1, 100, 10_000]));
      for (const cancel of shakes) cancel();
      try {
        check(storm);
        const told = storm.outcomes.length;
        storm.heal();
        await cluster.run(60_000);
        check(storm);
        expect(storm.outcomes).toHaveLength(told);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
  });

  it('does not wait for more records to travel with those that are there', async () => {
    const cluster = new ScriptedCluster();
    const logs = new ScriptedLogs(cluster);
    logs.create('t');
    const producer = new KafkaProducer(cluster.connection(), { lingerMs: 60_000 });
    const sent = producer.send({ topic: 't', key: null, value: Buffer.from('a') });
    let isClosed = false;
    const closed = producer.close().then(() => {
      isClosed = true;
    });
    await cluster.until('the end of close', () => isClosed, 1_000);
    await closed;
    expect(await sent).toEqual({ topic: 't', partition: 0, offset: 0 });
  });

  it('sends everything once the cluster is whole, also what waited for a leader', async () => {
    for (const seed of seeds) {
      const storm = await stormyLife(seed);
      storm.heal();
      await storm.close(60_000);
      try {
        check(storm);
        const unsent = storm.outcomes.filter(([told]) => told === 'KAFKA_CLOSED');
        expect(unsent, 'records that were accepted and not sent').toEqual([]);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
  });
});
