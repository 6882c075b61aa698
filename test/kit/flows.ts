import { tmpdir } from 'node:os';
import { silentLog } from '../../engine/base/log.ts';
import { NodeClock } from '../../engine/host/node-clock.ts';
import { NodeRandom } from '../../engine/host/node-random.ts';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import type { ReceivedRecord } from '../../engine/kafka/received-record.ts';
import type { Activity, Process, Project, Transition } from '../../engine/model/document.ts';
import type { JsonValue } from '../../engine/model/json-value.ts';
import type { Run } from '../../engine/run/create-run.ts';
import { createRun } from '../../engine/run/create-run.ts';
import { catalog } from '../../palette/catalog.ts';
import { runtimes } from '../../palette/runtimes.ts';
import { testConnection } from './kafka-connections.ts';
import { recordsOf } from './topic-records.ts';
import { until } from './until.ts';

/** A record to put into the topic of a flow. */
export interface FlowRecord {
  readonly key?: Buffer | null;
  readonly value: Buffer | string | null;
  readonly headers?: readonly { readonly key: string; readonly value: Buffer | null }[];
  readonly timestampMs?: number;
}

/** An activity behind the starter `receive`; a SendMessage to `<flow>-<name>` unless it has a type of its own. */
export interface FlowStep {
  readonly type?: string;
  readonly config?: Readonly<Record<string, JsonValue>>;
  readonly input: Readonly<Record<string, string>>;
  /** Activity in front of it; the starter when left out. */
  readonly after?: string;
  readonly kind?: Transition['kind'];
  readonly condition?: string;
}

/** One process of the project under test. */
export interface Flow {
  readonly records: readonly FlowRecord[];
  readonly receive?: Readonly<Record<string, JsonValue>>;
  /** A starter in the place of ReceiveMessage, under the same id, and how many jobs it makes. */
  readonly starter?: {
    readonly type: string;
    readonly config: Readonly<Record<string, JsonValue>>;
    readonly jobs: number;
  };
  readonly steps: Readonly<Record<string, FlowStep>>;
}

/** What became of the flows of a run. */
export interface FlowResults {
  readonly run: Run;
  /** Records that arrived in the topic of a step, in order. */
  arrived(flow: string, step?: string): Promise<readonly ReceivedRecord[]>;
  stop(): Promise<void>;
}

/**
 * Runs flows as the processes of one project on a cluster: `receive` reads the topic `<flow>-in`, in which the records lie already. Comes
 * back when every record's job has ended.
 */
export async function runFlows(
  bootstrapServers: string,
  flows: Readonly<Record<string, Flow>>,
  projectFolder = tmpdir(),
): Promise<FlowResults> {
  const connection = testConnection({ bootstrapServers });
  const admin = new KafkaAdmin(connection);
  const producer = new KafkaProducer(connection);
  for (const [name, { records, steps }] of Object.entries(flows)) {
    const topics = [`${name}-in`, ...Object.keys(steps).map((step) => `${name}-${step}`)];
    for (const topic of topics) await admin.createTopic({ name: topic, partitions: 1 });
    for (const { key = null, value, ...rest } of records)
      await producer.send({
        topic: `${name}-in`,
        key,
        value: typeof value === 'string' ? Buffer.from(value) : value,
        ...rest,
      });
  }
  await producer.close();
  await admin.close();
  const run = createRun(projectOf(flows), {
    catalog,
    runtimes,
    projectFolder,
    clusterAddress: bootstrapServers,
    clock: new NodeClock(),
    random: new NodeRandom(),
    log: silentLog,
  });
  await run.start();
  await until('every job has ended', () =>
    Object.entries(flows).every(([name, { records, starter }]) => {
      const { completed, failed } = run.counts[name]!.jobs;
      return completed + failed >= (starter?.jobs ?? records.length);
    }),
  );
  return {
    run,
    arrived: (flow, step = 'out') => recordsOf(connection, `${flow}-${step}`),
    stop: () => run.stop(),
  };
}

function projectOf(flows: Readonly<Record<string, Flow>>): Project {
  const processes = Object.fromEntries(Object.entries(flows).map(([name, flow]) => [name, processOf(name, flow)]));
  const cluster = { id: 'cluster', type: 'kafka.connection', name: 'Cluster', config: { cluster: 'bundled' } };
  return {
    format: 1,
    name: 'flows',
    version: '1.0.0',
    properties: {},
    processes,
    resources: { cluster },
    profiles: {},
    schemas: {},
    tests: {},
  };
}

function processOf(name: string, { receive = {}, starter: other, steps }: Flow): Process {
  const settings = {
    connection: 'cluster',
    topics: [`${name}-in`],
    groupId: name,
    startFrom: 'earliest',
    onFailure: 'skip',
    ordering: 'partition',
    ...receive,
  };
  const starter: Activity = {
    id: 'receive',
    name: 'Receive',
    type: other?.type ?? 'kafka.receive-message',
    config: other?.config ?? settings,
    input: {},
  };
  const activities = Object.entries(steps).map(
    ([id, { type = 'kafka.send-message', config = {}, input }]): Activity => {
      const send = type === 'kafka.send-message' ? { connection: 'cluster', topic: `${name}-${id}` } : {};
      return { id, name: id, type, config: { ...send, ...config }, input };
    },
  );
  const transitions = Object.entries(steps).map(
    ([id, { after = 'receive', kind = 'success', condition }]): Transition => {
      const place = { id: `${after}-${id}`, from: after, to: id };
      return condition === undefined ? { ...place, kind } : { ...place, kind: 'condition', condition };
    },
  );
  const all = [starter, ...activities];
  return {
    id: name,
    name,
    activities: Object.fromEntries(all.map((activity) => [activity.id, activity])),
    transitions,
    layout: { positions: Object.fromEntries(all.map(({ id }, index) => [id, { x: index * 200, y: 0 }])) },
  };
}
