import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { silentLog } from '../../engine/base/log.ts';
import type { FetchedBatches as Batches } from '../../engine/kafka/consumer/fetched-batches.ts';
import type { TakenRecord } from '../../engine/kafka/group-consumer.ts';
import type { Project } from '../../engine/model/document.ts';
import { batchHeaderBytes } from '../../engine/records/batch-layout.ts';
import { measureRecords, writeBatchHeader, writeRecords } from '../../engine/records/encode-produced.ts';
import type { PaletteRuntime } from '../../engine/spi/define-runtime.ts';
import { activity, projectOf, wire } from '../kit/run-bench.ts';
import { sampleMapping, sampleRecord } from './sample-record.ts';

/*
 * What a job costs by itself: receive, map, send, with the records in memory and no socket, in one process:
 * `node test/bench/job-cost.ts [rounds] [tree]`. Prints CPU time a message, the helpers of V8 among it; the least of all rounds is what
 * other work on the machine moves least. `tree` is the folder of another checkout.
 */

const rounds = Number(process.argv[2] ?? 40);
const tree = resolve(process.argv[3] ?? join(import.meta.dirname, '../..'));
const load = async <T>(path: string): Promise<T> => (await import(pathToFileURL(join(tree, path)).href)) as T;

const { FetchedBatches } = await load<{ FetchedBatches: new (source: unknown) => Batches }>(
  'engine/kafka/consumer/fetched-batches.ts',
);
const { AssignedPartition } = await load<typeof import('../../engine/kafka/groups/assigned-partition.ts')>(
  'engine/kafka/groups/assigned-partition.ts',
);
const { PartitionFeed } = await load<typeof import('../../engine/kafka/consumer/partition-feed.ts')>(
  'engine/kafka/consumer/partition-feed.ts',
);
const { MessageStarter } = await load<typeof import('../../palette/kafka/receive-message/message-starter.ts')>(
  'palette/kafka/receive-message/message-starter.ts',
);
const { toOutgoingRecord } = await load<typeof import('../../palette/kafka/send-message/outgoing-record.ts')>(
  'palette/kafka/send-message/outgoing-record.ts',
);
const { createRun } = await load<typeof import('../../engine/run/create-run.ts')>('engine/run/create-run.ts');
const { catalog } = await load<typeof import('../../palette/catalog.ts')>('palette/catalog.ts');
const { Later } = await load<typeof import('../../engine/spi/later.ts')>('engine/spi/later.ts');
const { NodeClock } = await load<typeof import('../../engine/host/node-clock.ts')>('engine/host/node-clock.ts');
const { NodeRandom } = await load<typeof import('../../engine/host/node-random.ts')>('engine/host/node-random.ts');

const batchRecords = 500;
const batchesPerRound = 40;
/** Jobs that wait for their acknowledgement at once. */
const flowLimit = 2_000;

function encodedBatch(): Buffer {
  const sends = Array.from({ length: batchRecords }, (_, index) => ({
    key: null,
    value: sampleRecord(100_000 + index * 37),
    headers: undefined,
    timestampMs: 1_700_000_000_000 + index,
  }));
  const bytes = measureRecords(sends);
  const batch = Buffer.alloc(batchHeaderBytes + bytes);
  writeRecords(batch, batchHeaderBytes, sends);
  writeBatchHeader(batch, bytes, sends, { producerId: -1, producerEpoch: -1, baseSequence: -1 }, 'none', false);
  return batch;
}

const batch = encodedBatch();

/** Batches of one partition, again and again. */
class MemorySource {
  readonly lag = 0;
  readonly isReading = true;
  readonly #feed = new PartitionFeed('bench-in', 0, 0);
  readonly #assigned = new AssignedPartition(this.#feed, 0);
  readonly #settled = (assigned: { inFlight: number }) => {
    assigned.inFlight--;
    this.settled++;
    if (this.settled === this.wanted) this.done();
  };
  settled = 0;
  wanted = 0;
  done = (): void => {};
  readable = (): void => {};

  take(): TakenRecord | undefined {
    return this.#assigned.take(this.#settled);
  }

  round(): Promise<void> {
    return new Promise((done) => {
      this.done = done;
      this.wanted += batchRecords * batchesPerRound;
      for (let index = 0; index < batchesPerRound; index++) {
        const records = Buffer.from(batch);
        records.writeBigInt64BE(BigInt(this.#feed.fetchOffset), 0);
        const { fetchOffset } = this.#feed;
        const fetched = new FetchedBatches({
          ...{ topic: 'bench-in', partition: 0, records, fromOffset: fetchOffset, aborted: undefined },
        });
        this.#feed.add(fetched, fetchOffset);
      }
      this.readable();
    });
  }

  async start(): Promise<void> {}
  pause(): void {}
  async close(): Promise<void> {}
}

const source = new MemorySource();
const receiving = {
  kind: 'starter',
  type: 'kafka.receive-message',
  open: (config: never, host: never) =>
    new MessageStarter(
      config,
      host,
      (listener) => {
        source.readable = () => listener.readable();
        return source;
      },
      { send: () => Promise.reject(new Error('no dead letters here')), close: async () => {} } as never,
    ),
};

/** Acknowledges what one turn sent two turns later. */
const sending = {
  kind: 'activity',
  type: 'kafka.send-message',
  open: (config: never) => {
    let waiting: { readonly later: InstanceType<typeof Later<unknown>>; readonly bytes: Buffer | null }[] = [];
    let offset = 0;
    const acknowledge = () => {
      const sent = waiting;
      waiting = [];
      setImmediate(() => {
        for (const { later } of sent) later.complete({ topic: 'bench-out', partition: 0, offset: offset++ });
      });
    };
    return {
      execute: (input: Readonly<Record<string, unknown>>) => {
        const { value } = toOutgoingRecord(config, input);
        const later = new Later<unknown>();
        if (waiting.length === 0) setImmediate(acknowledge);
        waiting.push({ later, bytes: value });
        return later;
      },
    };
  },
};

function project(): Project {
  const receive = { connection: 'cluster', topics: ['bench-in'], groupId: 'g', flowLimit };
  return projectOf({
    activities: {
      receive: activity('receive', 'kafka.receive-message', { config: receive }),
      send: activity('send', 'kafka.send-message', {
        config: { connection: 'cluster', topic: 'bench-out' },
        input: { value: sampleMapping },
      }),
    },
    transitions: [wire('receive', 'send')],
  });
}

const runtimes = Object.fromEntries(
  [receiving, sending].map((runtime) => [runtime.type, async () => runtime as never as PaletteRuntime]),
);
const connection: PaletteRuntime = {
  kind: 'resource',
  type: 'kafka.connection',
  open: () => ({ value: {}, close: async () => {} }),
};
const withResource: Project = {
  ...project(),
  resources: { cluster: { id: 'cluster', type: 'kafka.connection', name: 'Cluster', config: {} } } as never,
};
const run = createRun(withResource, {
  catalog,
  runtimes: { ...runtimes, 'kafka.connection': async () => connection },
  clock: new NodeClock(),
  random: new NodeRandom(),
  log: silentLog,
  projectFolder: '/',
});
await run.start();
let least = Number.POSITIVE_INFINITY;
let leastWall = Number.POSITIVE_INFINITY;
for (let round = 0; round < rounds; round++) {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  await source.round();
  const { user, system } = process.cpuUsage(cpu);
  least = Math.min(least, (user + system) / (batchRecords * batchesPerRound));
  leastWall = Math.min(leastWall, ((performance.now() - wall) * 1_000) / (batchRecords * batchesPerRound));
}
console.log(`${least.toFixed(2)} us of CPU a message, ${leastWall.toFixed(2)} us of time`);
await run.stop();
