import { expect, it } from 'vitest';
import { randomBelow } from '../../../base/random.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { ReplicaCluster } from '../testing/replica-cluster.ts';

type Produced = ReturnType<ReplicaCluster['produce']>;

const all = [1, 2, 3];
const topic = 'orders';
const steps = 200;
const seeds = Array.from({ length: 12 }, (_, index) => index + 1);

/** One run: random faults, then healing; what was acknowledged must be there, in one place, everywhere. */
class ChaosRun {
  readonly random: SeededRandom;
  readonly cluster = new ReplicaCluster(all, { minInsync: 2, settings: { replicaLagTimeMaxMs: 2_000 } });
  readonly sent: { readonly value: string; readonly acks: number; readonly produced: Produced }[] = [];
  /** High watermark by leader epoch, and the value at each offset below any high watermark ever seen. */
  readonly highWatermarks = new Map<number, number>();
  readonly committed: string[] = [];

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    this.cluster.createTopic(topic, all);
  }

  get partition() {
    return this.cluster.controller.partition(topic);
  }

  pick<T>(items: readonly T[]): T {
    return items[randomBelow(this.random, items.length)] as T;
  }

  async step(index: number): Promise<void> {
    const kind = randomBelow(this.random, 12);
    if (kind < 5) this.produce(`v${index}`);
    else if (kind === 5) this.cut();
    else if (kind === 6) this.cluster.heal();
    else if (kind === 7) this.crash();
    else if (kind === 8) this.restart();
    else if (kind === 9) this.electSomebody();
    else if (kind === 10) this.cluster.publish(all.filter(() => this.random.next() < 0.5));
    else this.cluster.publish();
    await this.cluster.run(this.pick([0, 1, 2, 3, 20, 300, 3_000]));
    this.observe();
  }

  produce(value: string): void {
    const target = this.random.next() < 0.8 ? this.partition.leader : this.pick(all);
    if (!this.cluster.nodes.get(target)?.isUp) return;
    const acks = this.pick([-1, -1, 1] as const);
    this.sent.push({ value, acks, produced: this.cluster.produce(target, topic, [value], acks, 5_000) });
  }

  cut(): void {
    if (this.random.next() < 0.5) this.cluster.cutLinks.add(`${this.pick(all)}-${this.pick(all)}`);
    else this.cluster.isolate(this.pick(all));
    if (this.random.next() < 0.3) this.cluster.cutFromController.add(this.pick(all));
  }

  /** The controller notices at once; what is not synced survives only where the in-sync set depends on it. */
  crash(): void {
    const id = this.pick(all);
    if (all.some((other) => !this.cluster.node(other).isUp)) return;
    const rest = this.partition.isr.filter((member) => member !== id);
    this.cluster.node(id).crash(this.partition.isr.length === 3 ? 'lose' : 'keep');
    const broker = this.cluster.controller.brokers.get(id);
    if (broker) broker.isEligible = false;
    if (rest.length > 0) this.cluster.controller.elect(topic, this.pick(rest), rest);
    else this.cluster.controller.elect(topic, -1);
  }

  restart(): void {
    for (const id of all) {
      if (this.cluster.node(id).isUp) continue;
      this.cluster.start(id);
      if (this.partition.leader === -1) this.electSomebody();
      this.cluster.publish([id]);
    }
  }

  electSomebody(): void {
    const live = this.partition.isr.filter((id) => this.cluster.node(id).isUp);
    if (live.length > 0) this.cluster.controller.elect(topic, this.pick(live));
  }

  observe(): void {
    for (const id of all) {
      if (!this.cluster.node(id).isUp) continue;
      const partition = this.cluster.node(id).replicas.hostedPartition(topic, 0);
      if (!partition) continue;
      expect(partition.truncationsBelowHighWatermark).toBe(0);
      this.#checkCommitted(id, partition.highWatermark);
      if (!partition.leaderRole) continue;
      const { leaderEpoch } = partition.leaderRole;
      expect(partition.highWatermark).toBeGreaterThanOrEqual(this.highWatermarks.get(leaderEpoch) ?? 0);
      this.highWatermarks.set(leaderEpoch, partition.highWatermark);
    }
  }

  /** Nobody ever sees another value at a committed offset. */
  #checkCommitted(id: number, highWatermark: number): void {
    const values = this.cluster.values(id, topic).slice(0, highWatermark);
    const shared = Math.min(values.length, this.committed.length);
    expect(values.slice(0, shared)).toEqual(this.committed.slice(0, shared));
    this.committed.push(...values.slice(this.committed.length));
  }

  async finish(): Promise<void> {
    this.cluster.heal();
    this.restart();
    if (this.partition.leader === -1) this.electSomebody();
    this.cluster.publish();
    await this.cluster.run(20_000);
    this.observe();
  }
}

it.each(seeds)('keeps every acknowledged record through crashes, cuts and elections: seed %i', async (seed) => {
  const run = new ChaosRun(seed);
  for (let index = 0; index < steps; index++) await run.step(index);
  await run.finish();
  const { cluster } = run;
  const values = cluster.values(run.partition.leader, topic);
  for (const { value, acks, produced } of run.sent) {
    expect(produced.reply).toBeDefined();
    if (acks === -1 && produced.reply?.errorCode === errorCode.NONE)
      expect(values[produced.reply.baseOffset]).toBe(value);
  }
  expect(new Set(values).size).toBe(values.length);
  expect([...run.partition.isr].sort()).toEqual(all);
  for (const id of all) expect(cluster.bytes(id, topic)).toEqual(cluster.bytes(run.partition.leader, topic));
  expect(cluster.offsets(run.partition.leader, topic).hw).toBe(values.length);
});
