import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../engine/base/log.ts';
import { NodeClock } from '../../engine/host/node-clock.ts';
import { NodeRandom } from '../../engine/host/node-random.ts';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import { KafkaConnection } from '../../engine/kafka/connection.ts';
import type { TakenRecord } from '../../engine/kafka/group-consumer.ts';
import { GroupConsumer } from '../../engine/kafka/group-consumer.ts';
import type { GroupSettings } from '../../engine/kafka/group-settings.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import type { JsonValue } from '../../engine/model/json-value.ts';
import { apis } from '../../engine/protocol/api-keys.ts';
import type { Run } from '../../engine/run/create-run.ts';
import { createRun } from '../../engine/run/create-run.ts';
import { catalog } from '../../palette/catalog.ts';
import { runtimes } from '../../palette/runtimes.ts';
import type { BundledCluster } from '../kit/bundled-cluster.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { testHost } from '../kit/kafka-connections.ts';
import { millrace, startMillrace } from '../kit/millrace.ts';
import { RawClient } from '../kit/raw-client.ts';
import { routeProject, writeProjectFolder } from '../kit/route-project.ts';
import { recordsOf, sendValues, valuesOf } from '../kit/topic-records.ts';
import { until } from '../kit/until.ts';

/** What a flow of receive and log says: one line a record. */
interface Flow {
  readonly run: Run;
  readonly lines: string[];
}

/** Path of the first segment of a partition, from the cluster's folder on. */
function findLog(dataFolder: string, partition: string): string {
  const found = readdirSync(dataFolder, { recursive: true, encoding: 'utf8' }).find(
    (path) => path.includes(partition) && path.endsWith('.log'),
  );
  if (!found) throw new Error(`no log of ${partition} in ${dataFolder}`);
  return found;
}

describe('cases of delivery', () => {
  let cluster: BundledCluster;
  let connection: KafkaConnection;
  let admin: KafkaAdmin;
  const running: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    cluster = await startBundledCluster(1);
    const settings = { name: 'test', transport: 'tcp', bootstrapServers: cluster.bootstrap } as const;
    connection = new KafkaConnection({ ...settings, metadataMaxAgeMs: 500 }, testHost);
    admin = new KafkaAdmin(connection);
  });
  afterAll(async () => {
    for (const each of running) await each.stop();
    await admin.close();
    await cluster.stop();
  });

  /** Runs a flow that logs the value of every record of a topic. */
  async function startFlow(topic: string, receive: Record<string, JsonValue> = {}): Promise<Flow> {
    const project = routeProject({
      cluster: { settings: { transport: 'websocket', bootstrapServers: cluster.bootstrap }, stop: async () => {} },
      from: topic,
      to: topic,
      receive: { groupId: `${topic}-group`, ...receive },
    });
    const { activities, transitions } = project.processes.route!;
    const logging = { id: 'log', name: 'Log', type: 'general.log', config: { level: 'info' } };
    const lines: string[] = [];
    const log = createLog((_level, message) => void lines.push(message));
    const run = createRun(
      {
        ...project,
        processes: {
          route: {
            ...project.processes.route!,
            activities: { receive: activities.receive!, log: { ...logging, input: { message: 'receive.value' } } },
            transitions: [{ ...transitions[0]!, to: 'log' }],
            layout: { positions: { receive: { x: 0, y: 0 }, log: { x: 200, y: 0 } } },
          },
        },
        resources: {
          cluster: {
            ...project.resources.cluster!,
            config: { cluster: 'bundled', metadataMaxAgeMs: 1_000 },
          },
        },
      },
      {
        catalog,
        runtimes,
        projectFolder: tmpdir(),
        clusterAddress: cluster.bootstrap,
        clock: new NodeClock(),
        random: new NodeRandom(),
        log,
      },
    );
    await run.start();
    running.push(run);
    return { run, lines };
  }

  async function startMember(
    topic: string,
    settings: Partial<GroupSettings> = {},
    of: KafkaConnection = connection,
  ): Promise<{ consumer: GroupConsumer; seen: TakenRecord[]; failures: unknown[]; assigned: number[][] }> {
    const seen: TakenRecord[] = [];
    const failures: unknown[] = [];
    const assigned: number[][] = [];
    const consumer: GroupConsumer = new GroupConsumer(
      of,
      {
        groupId: `${topic}-group`,
        topics: [topic],
        startAt: 'earliest',
        heartbeatIntervalMs: 200,
        commitIntervalMs: 100,
        sessionWaitMsMax: 6_000,
        ...settings,
      },
      {
        readable: () => {
          for (let taken = consumer.take(); taken; taken = consumer.take()) {
            seen.push(taken);
            taken.settle();
          }
        },
        assigned: (partitions) => void assigned.push(partitions.map(({ partition }) => partition)),
        failed: (error) => void failures.push(error),
      },
    );
    await consumer.start();
    running.push({ stop: () => consumer.close() });
    return { consumer, seen, failures, assigned };
  }

  const kcat = (args: readonly string[], input: string | Buffer) =>
    execFileSync('kcat', ['-b', cluster.bootstrap, '-P', ...args], { input });
  const committedOf = async (topic: string) =>
    (await admin.describeGroup(`${topic}-group`)).partitions.map(({ committedOffset }) => committedOffset);

  async function send(topic: string, partition: number, ...values: string[]): Promise<void> {
    const producer = new KafkaProducer(connection);
    await Promise.all(values.map((value) => producer.send({ topic, partition, value: Buffer.from(value) })));
    await producer.close();
  }

  it('09: empty and missing keys and values stay two things', async () => {
    const topic = 'case-09';
    await admin.createTopic({ name: topic, partitions: 1 });
    const producer = new KafkaProducer(connection);
    const none = Buffer.alloc(0);
    for (const [key, value] of [
      [none, none],
      [none, null],
      [null, none],
      [null, null],
    ] as const)
      await producer.send({ topic, key, value });
    await producer.close();
    const { seen } = await startMember(topic);
    await until('four records', () => seen.length === 4);
    expect(seen.map(({ record }) => [record.key, record.value])).toEqual([
      [none, none],
      [none, null],
      [null, none],
      [null, null],
    ]);
  });

  it('11, 12: headers keep their order, two of one name, an empty one, one without a value', async () => {
    const topic = 'case-11';
    await admin.createTopic({ name: topic, partitions: 1 });
    kcat(['-t', topic, '-H', 'x=1', '-H', 'none', '-H', 'x=2', '-H', 'empty='], 'with headers\n');
    const { seen } = await startMember(topic);
    await until('the record', () => seen.length === 1);
    expect(seen[0]!.record.headers).toEqual([
      { key: 'x', value: Buffer.from('1') },
      { key: 'none', value: null },
      { key: 'x', value: Buffer.from('2') },
      { key: 'empty', value: Buffer.alloc(0) },
    ]);
  });

  it('18: a value eight times the fetch size arrives whole, small ones before and behind it too', async () => {
    const topic = 'case-18';
    await admin.createTopic({ name: topic, partitions: 1, config: { 'max.message.bytes': '12000000' } });
    const large = Buffer.alloc(8_000_000, 'large ');
    const producer = new KafkaProducer(connection);
    for (const value of [Buffer.from('before'), large, Buffer.from('behind')]) await producer.send({ topic, value });
    await producer.close();
    const { seen } = await startMember(topic);
    await until('three records', () => seen.length === 3);
    expect(seen[1]!.record.value!.equals(large)).toBe(true);
    expect([seen[0], seen[2]].map((taken) => String(taken!.record.value))).toEqual(['before', 'behind']);
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('33: reads what librdkafka wrote with %s', async (codec) => {
    const topic = `case-33-${codec}`;
    await admin.createTopic({ name: topic, partitions: 1 });
    const values = Array.from({ length: 500 }, (_, index) => `value ${index} `.repeat(5));
    kcat(['-t', topic, '-z', codec, '-X', 'linger.ms=50'], `${values.join('\n')}\n`);
    expect((await recordsOf(connection, topic)).map(({ value }) => String(value))).toEqual(values);
  });

  it('21: a topic made anew under a running flow is read from its beginning, though it is shorter than before', async () => {
    const topic = 'case-21';
    await admin.createTopic({ name: topic, partitions: 1 });
    await send(topic, 0, ...Array.from({ length: 10 }, (_, index) => `old${index}`));
    const { lines } = await startFlow(topic, { commitIntervalMs: 50 });
    await until('the old ones', () => lines.includes('old9'));
    await until('they are committed', async () => (await committedOf(topic))[0] === 10);
    await admin.deleteTopic(topic);
    await admin.createTopic({ name: topic, partitions: 1 });
    await send(topic, 0, 'new1', 'new2', 'new3');
    await until('the new ones', () => lines.includes('new3'));
    expect(lines.filter((line) => line.startsWith('new'))).toEqual(['new1', 'new2', 'new3']);
    await until('they are committed', async () => (await committedOf(topic))[0] === 3);
  });

  it('21: with one of two topics deleted the other is read on, and the deleted one again when it is back', async () => {
    const [kept, gone] = ['case-21-kept', 'case-21-gone'];
    await admin.createTopic({ name: kept, partitions: 1 });
    await admin.createTopic({ name: gone, partitions: 1 });
    const { lines } = await startFlow(kept, { topics: [kept, gone] });
    await send(gone, 0, 'gone1');
    await until('both are read', () => lines.includes('gone1'));
    await admin.deleteTopic(gone);
    await send(kept, 0, 'kept1');
    await until('the other is read', () => lines.includes('kept1'));
    await admin.createTopic({ name: gone, partitions: 1 });
    await send(gone, 0, 'gone2');
    await until('it is read again', () => lines.includes('gone2'));
  });

  it.each([
    ['22', 'earliest'],
    ['23', 'latest'],
  ])(
    '%s: partitions that are added under a running flow are read from their beginning, starting from %s',
    async (id, startFrom) => {
      const topic = `case-${id}`;
      await admin.createTopic({ name: topic, partitions: 1 });
      const { lines } = await startFlow(topic, { startFrom });
      await admin.growTopic(topic, 4);
      await until('the brokers know', async () => (await admin.describeTopic(topic)).partitions.length === 4);
      for (const partition of [0, 1, 2, 3]) await send(topic, partition, `in${partition}`);
      await until('all four', () => new Set(lines.filter((line) => line.startsWith('in'))).size === 4);
    },
  );

  it('23: what is sent right after the start, or while the flow is down, is not lost when it starts from latest', async () => {
    const topic = 'case-23-latest';
    await admin.createTopic({ name: topic, partitions: 3 });
    await send(topic, 0, 'before');
    const first = await startFlow(topic, { startFrom: 'latest' });
    await send(topic, 1, 'right after');
    await until('the first', () => first.lines.includes('right after'));
    await first.run.stop();
    expect(await committedOf(topic)).toEqual([1, 1, 0]);
    for (const partition of [0, 1, 2]) await send(topic, partition, `down${partition}`);
    const second = await startFlow(topic, { startFrom: 'latest' });
    await until(
      'what came while it was down',
      () => second.lines.filter((line) => line.startsWith('down')).length === 3,
    );
    expect([...first.lines, ...second.lines]).not.toContain('before');
  });

  it('24: no lag is made up where a group has not committed', async () => {
    const topic = 'case-24';
    await admin.createTopic({ name: topic, partitions: 1 });
    await send(topic, 0, 'a');
    await startMember(topic, { commitIntervalMs: 600_000 });
    const shown = await millrace(['group', 'describe', `${topic}-group`, '--json', '--cluster', cluster.bootstrap]);
    expect(shown.code).toBe(0);
    const { partitions } = JSON.parse(shown.out);
    for (const partition of partitions) expect(partition.lag ?? null).toBeNull();
  });

  it('25, 26: a static member comes back to its partitions without a rebalance, and a second one of its name puts it out', async () => {
    const topic = 'case-25';
    await admin.createTopic({ name: topic, partitions: 4 });
    const a = await startMember(topic, { groupInstanceId: 'a' });
    const b = await startMember(topic, { groupInstanceId: 'b' });
    await until('two each', () => a.consumer.assignment.length === 2 && b.consumer.assignment.length === 2);
    const ofA = a.consumer.assignment.map(({ partition }) => partition);
    const rebalancesOfB = b.assigned.length;
    await a.consumer.close();
    const again = await startMember(topic, { groupInstanceId: 'a' });
    expect(again.consumer.assignment.map(({ partition }) => partition)).toEqual(ofA);
    expect(b.assigned).toHaveLength(rebalancesOfB);
    await startMember(topic, { groupInstanceId: 'a' });
    await until('the first is put out', () => again.failures.length === 1);
    expect(again.failures[0]).toMatchObject({ code: 'KAFKA_FENCED_INSTANCE_ID' });
  });

  it.each(['roundrobin', 'range'] as const)(
    '25: shares a group with a member of librdkafka that knows only %s',
    async (assignor) => {
      const topic = `case-25-${assignor}`;
      await admin.createTopic({ name: topic, partitions: 4 });
      const ours = await startMember(topic);
      const options = ['-X', `partition.assignment.strategy=${assignor}`, '-X', 'auto.offset.reset=earliest'];
      const other = spawn(
        'kcat',
        ['-b', cluster.bootstrap, ...options, '-u', '-f', '%p:%o\n', '-G', `${topic}-group`, topic],
        {
          stdio: ['ignore', 'pipe', 'ignore'],
        },
      );
      running.push({ stop: async () => void other.kill('SIGKILL') });
      let theirs = '';
      other.stdout.on('data', (chunk) => {
        theirs += String(chunk);
      });
      await until('two are left to us', () => ours.consumer.assignment.length === 2);
      for (const partition of [0, 1, 2, 3]) await send(topic, partition, 'a', 'b');
      const all = () => [
        ...theirs.trim().split('\n'),
        ...ours.seen.map(({ record: { partition, offset } }) => `${partition}:${offset}`),
      ];
      await until('eight records', () => new Set(all()).size === 8);
      other.kill('SIGTERM');
      await until('all are ours', () => ours.consumer.assignment.length === 4);
    },
  );

  it('D8: a byte that the disk changed is not passed on: receive gives what lies before it and names the place', async () => {
    const topic = 'damaged';
    await admin.createTopic({ name: topic, partitions: 1 });
    for (const value of ['first', 'second', 'third']) await send(topic, 0, value);
    const folder = join(cluster.dataFolder, findLog(cluster.dataFolder, `${topic}-0`));
    const log = readFileSync(folder);
    log[log.indexOf('second') + 2] = 0x21;
    writeFileSync(folder, log, { flag: 'r+' });
    const args = ['receive', topic, '--from', 'earliest', '--until-end', '--cluster', cluster.bootstrap];
    const shown = await millrace(args);
    expect(shown.code).toBe(1);
    expect(shown.out).toContain('first');
    expect(shown.out).not.toMatch(/se.?o|third/);
    expect(shown.error).toMatch(/topic "damaged", partition 0, offset 1: the checksum/);
    const { lines, run } = await startFlow(topic);
    await until('what lies before it', () => lines.includes('first'));
    await until('the damage is told', () => lines.includes('partition cannot be read, the others go on'));
    expect(lines.some((line) => line.startsWith('se') || line === 'third')).toBe(false);
    await run.stop();
  });

  it('26: a ReceiveMessage with a static member id is known to the broker by it', async () => {
    await admin.createTopic({ name: 'case-26', partitions: 2 });
    await startFlow('case-26', { staticMemberId: 'desk-1' });
    const client = new RawClient(cluster.bootstrap);
    const { groups } = await client.call(apis.describeGroups, 5, { groups: ['case-26-group'] });
    client.close();
    expect(groups[0]?.members.map(({ groupInstanceId }) => groupInstanceId)).toEqual(['desk-1']);
  });

  it('28: one of two engines is killed: nothing is lost, and what is repeated lies within a commit interval', async () => {
    const [from, to] = ['case-28-in', 'case-28-out'];
    await admin.createTopic({ name: from, partitions: 4 });
    await admin.createTopic({ name: to, partitions: 1 });
    const place = {
      settings: { transport: 'websocket', bootstrapServers: cluster.bootstrap },
      stop: async () => {},
    } as const;
    const receive = { commitIntervalMs: 100, sessionTimeoutMs: 6_000, heartbeatIntervalMs: 500, flowLimit: 20 };
    const folder = writeProjectFolder(routeProject({ cluster: place, from, to, receive }));
    const start = () => startMillrace(['run', folder, '--cluster', cluster.bootstrap]);
    const [first, second] = [start(), start()];
    await until('both read', async () => (await admin.describeGroup(`${from}-group`)).members.length === 2, 30_000);
    const total = 4_000;
    const sending = sendValues(
      connection,
      from,
      Array.from({ length: total }, (_, n) => ({ n })),
    );
    await until('some arrived', async () => (await valuesOf(connection, to)).length > 100);
    first!.child.kill('SIGKILL');
    await sending;
    const arrived = async () => (await valuesOf(connection, to)) as { n: number }[];
    await until('all arrived', async () => new Set((await arrived()).map(({ n }) => n)).size === total, 40_000);
    second!.child.kill('SIGTERM');
    expect(await second!.exit).toBe(0);
    expect((await arrived()).length - total).toBeLessThan(total / 4);
    const { partitions } = await admin.describeGroup(`${from}-group`);
    expect(partitions.reduce((sum, { lag = 0 }) => sum + lag, 0)).toBe(0);
  });
});
