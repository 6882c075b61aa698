import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import type { KafkaConnection } from '../../engine/kafka/connection.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import type { BundledCluster } from '../kit/bundled-cluster.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import { millrace, startMillrace } from '../kit/millrace.ts';
import { recordsOf, sendValues } from '../kit/topic-records.ts';
import { until } from '../kit/until.ts';

type Fields = Readonly<Record<string, unknown>>;

/** An activity: its type, config and input. */
type Part = readonly [type: string, config: Fields, input?: Fields];

/** A project folder with one process `p`; wires are `a b` for success and `a !b` for an error transition. */
function folderOf(parts: Record<string, Part>, wires: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const activities = Object.fromEntries(
    Object.entries(parts).map(([id, [type, config, input = {}]]) => [id, { name: id, type, config, input }]),
  );
  const transitions = wires.map((wire) => {
    const [from, to] = wire.split(' ') as [string, string];
    return { id: wire.replace(/\W+/, '-'), from, to: to.replace('!', ''), kind: to[0] === '!' ? 'error' : 'success' };
  });
  const cluster = { name: 'Cluster', type: 'kafka.connection', config: { cluster: 'bundled' } };
  const contents: Record<string, unknown> = {
    'millrace.json': { format: 1, name: 'case', version: '1.0.0', properties: {} },
    'processes/p.process.json': { format: 1, name: 'p', activities, transitions },
    'resources/cluster.kafka.json': { format: 1, ...cluster },
    ...files,
  };
  const folder = mkdtempSync(join(tmpdir(), 'millrace-case-'));
  for (const [path, content] of Object.entries(contents)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

/** The JSON lines of standard error. */
const linesOf = (error: string): Fields[] =>
  error
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Fields);

describe('cases without a broker', () => {
  const timer = (count: number): Part => ['general.timer', { count, intervalMs: 1 }];
  const log = (message: string): Part => ['general.log', { level: 'debug' }, { message }];

  it('38: a failed job of a timer says why, and the exit code says that it failed', async () => {
    const folder = folderOf({ timer: timer(3), log: log('timer.count > "none"') }, ['timer log']);
    const { code, out, error } = await millrace(['run', folder, '--until-idle', '5000']);
    expect([code, out]).toEqual([4, 'p: 0 jobs completed, 3 failed\n']);
    expect(
      error.match(/error job failed process=p .*activity=log code=EXPRESSION_FAILED error="input message/g),
    ).toHaveLength(3);
    expect(error).toMatch(/millrace: 3 jobs failed without an error transition.*EXPRESSION_FAILED/);
  });

  it('38: jobs whose failures an error transition takes are no failure of the run', async () => {
    const parts = { timer: timer(1), log: log('timer.count > "none"'), fix: log('error.code & errors.log.code') };
    const { code, out, error } = await millrace(['run', folderOf(parts, ['timer log', 'log !fix'])]);
    expect([code, out, error]).toEqual([0, 'p: 1 job completed, 0 failed\n', 'running p\n']);
  });

  it('75: a process that fails ends the run in order, with its reason and no noise', async () => {
    const read: Part = ['file.read-records', { path: 'data/in.dat', format: 'json-lines' }];
    const folder = folderOf({ read, log: log('"x"') }, ['read log'], { 'data/in.dat': 'none of this is JSON\n' });
    const { code, error } = await millrace(['run', folder, '--until-idle', '2000']);
    expect(code).toBe(1);
    expect(error).not.toContain('RangeError');
    expect(error.match(/^millrace: .*data\/in\.dat.*line 1/gm)).toHaveLength(1);
    expect(error.trim().split('\n').length).toBeLessThanOrEqual(3);
  });
});

describe('cases of one broker', () => {
  let cluster: BundledCluster;
  let connection: KafkaConnection;
  let admin: KafkaAdmin;
  beforeAll(async () => {
    cluster = await startBundledCluster(1);
    connection = testConnection({ transport: 'tcp', bootstrapServers: cluster.bootstrap });
    admin = new KafkaAdmin(connection);
  });
  afterAll(async () => {
    await admin.close();
    await cluster.stop();
  });

  const run = (folder: string, ...more: string[]) =>
    millrace(['run', folder, '--cluster', cluster.bootstrap, '--until-idle', '2500', '--json', ...more]);
  const receive = (topic: string, config: Fields): Part => [
    'kafka.receive-message',
    { connection: 'cluster', topics: [topic], groupId: `${topic}-group`, startFrom: 'earliest', ...config },
  ];
  const send = (topic: string, input: Fields): Part => ['kafka.send-message', { connection: 'cluster', topic }, input];
  const bytesTo = async (topic: string, values: readonly string[]) => {
    const producer = new KafkaProducer(connection);
    for (const value of values) await producer.send({ topic, partition: 0, key: null, value: Buffer.from(value) });
    await producer.close();
  };
  const committed = async (topic: string) =>
    (await admin.describeGroup(`${topic}-group`)).partitions.map(({ committedOffset }) => committedOffset);

  it('29: a broken record goes to the dead-letter topic with its bytes and the reason, and the others go on', async () => {
    await admin.createTopic({ name: 'c29', partitions: 1 });
    await bytesTo('c29', ['{"a":1}', '{"a":', '{"a":3}']);
    const parts = {
      receive: receive('c29', { valueFormat: 'json', deadLetterTopic: 'c29-dlq' }),
      send: send('c29-out', { value: '{"a": receive.value.a}' }),
    };
    const { code, out, error } = await run(folderOf(parts, ['receive send']));
    expect([code, JSON.parse(out)]).toMatchObject([
      0,
      { counts: { p: { jobs: { completed: 2, failed: 1, handled: 1 }, failures: { activities: { receive: 1 } } } } },
    ]);
    const [letter, ...others] = await recordsOf(connection, 'c29-dlq');
    expect([others.length, String(letter!.value), letter!.key]).toEqual([0, '{"a":', null]);
    const headers = Object.fromEntries(letter!.headers.map(({ key, value }) => [key, String(value)]));
    expect(headers).toMatchObject({
      '__millrace.errors.topic': 'c29',
      '__millrace.errors.partition': '0',
      '__millrace.errors.offset': '1',
      '__millrace.errors.code': 'KAFKA_DECODE_FAILED',
      '__millrace.errors.attempts': '1',
    });
    expect(linesOf(error).filter(({ message }) => message === 'job failed')).toMatchObject([
      { level: 'warn', activity: 'receive', code: 'KAFKA_DECODE_FAILED', origin: 'c29[0] @ 1', fate: 'aside' },
    ]);
    expect(await recordsOf(connection, 'c29-out')).toHaveLength(2);
    expect(await committed('c29')).toEqual([3]);
  });

  it('29: as it stands one poison record in ten stops nothing, loses nothing and repeats nothing', async () => {
    await admin.createTopic({ name: 'poison', partitions: 1 });
    await bytesTo(
      'poison',
      Array.from({ length: 200 }, (_, n) => (n % 10 === 3 ? `no ${n}` : `{"n":${n}}`)),
    );
    const parts = {
      receive: receive('poison', { valueFormat: 'json' }),
      send: send('poison-out', { value: '{"n": receive.value.n}' }),
    };
    const folder = folderOf(parts, ['receive send']);
    expect((await run(folder)).code).toBe(0);
    expect(JSON.parse((await run(folder)).out)).toMatchObject({ counts: { p: { jobs: { completed: 0, failed: 0 } } } });
    const letters = (await recordsOf(connection, 'poison.dead-letter')).map(({ value }) => String(value));
    expect(letters.sort()).toEqual(Array.from({ length: 20 }, (_, tens) => `no ${tens * 10 + 3}`).sort());
    expect(await recordsOf(connection, 'poison-out')).toHaveLength(180);
  });

  it('29: a process that is to stop at a broken record goes on past it when told to, and loses nothing else', async () => {
    await admin.createTopic({ name: 'stops', partitions: 1 });
    await bytesTo('stops', ['{"n":1}', '{"n":', '{"n":3}']);
    const parts = {
      receive: receive('stops', { valueFormat: 'json', onFailure: 'retry', ordering: 'partition' }),
      send: send('stops-out', { value: '{"n": receive.value.n}' }),
    };
    const folder = folderOf(parts, ['receive send']);
    const stopped = await run(folder);
    expect([stopped.code, JSON.parse(stopped.out)]).toMatchObject([
      1,
      { failure: { code: 'RECORD_FAILED', record: { topic: 'stops', partition: 0, offset: 1 } } },
    ]);
    expect(await committed('stops')).toEqual([1]);
    expect((await run(folder, '--skip', 'stops-0@1')).code).toBe(0);
    const sent = (await recordsOf(connection, 'stops-out')).map(({ value }) => String(value));
    expect(sent.sort()).toEqual(['{"n":1}', '{"n":3}']);
    expect(await committed('stops')).toEqual([3]);
  });

  it('36: a wrong partition or time is a clear fault and no record', async () => {
    await admin.createTopic({ name: 'c36', partitions: 6 });
    const wrong = [
      ...[9, -1, '1', 1.5].map((partition) => ({ partition })),
      ...['2020', 1.5, 99_999_999_999_999].map((timestamp) => ({ timestamp })),
    ];
    const rows = wrong.map((row) => JSON.stringify(row)).join('\n');
    const parts: Record<string, Part> = {
      read: ['file.read-records', { path: 'data/rows.jsonl', format: 'json-lines' }],
      send: send('c36', { value: '"x"', partition: 'read.record.partition', timestamp: 'read.record.timestamp' }),
    };
    const { code, error } = await run(folderOf(parts, ['read send'], { 'data/rows.jsonl': rows }));
    const failed = linesOf(error).filter(({ message }) => message === 'job failed');
    expect([code, failed.length]).toEqual([4, wrong.length]);
    for (const line of failed)
      expect(line).toMatchObject({ activity: 'send', error: expect.stringMatching(/[Pp]artition|[Tt]ime/) });
    expect(await recordsOf(connection, 'c36')).toEqual([]);
  });

  describe('74', () => {
    const all = Array.from({ length: 300 }, (_, n) => ({ n }));
    const parts = (topic: string) => ({
      receive: receive(topic, {}),
      send: send(`${topic}-out`, { value: 'receive.value' }),
    });

    // The moment is the input of the case: from before anything is loaded to the middle of the work.
    it.each([0, 150, 300, 450, 600, 750, 900, 1_200, 1_600, 3_000])('74: SIGTERM after %i ms', async (afterMs) => {
      const topic = `c74-${afterMs}`;
      await admin.createTopic({ name: topic, partitions: 2 });
      await sendValues(connection, topic, all);
      const folder = folderOf(parts(topic), ['receive send']);
      const started = startMillrace(['run', folder, '--cluster', cluster.bootstrap]);
      const moment = performance.now() + afterMs;
      await until('the moment has come', () => performance.now() >= moment);
      const from = performance.now();
      started.child.kill('SIGTERM');
      const code = await started.exit;
      expect(performance.now() - from).toBeLessThan(10_000);
      expect([0, 130, 'SIGTERM']).toContain(code);
      expect(started.error()).not.toMatch(/\bat .*\.ts:\d+/);
      const members = async () => (await admin.describeGroup(`${topic}-group`).catch(() => undefined))?.members ?? [];
      await until('the group is empty', async () => (await members()).length === 0);
      // Nothing goes on behind our back, and the next run finds all that is left.
      const done = (await recordsOf(connection, `${topic}-out`).catch(() => [])).length;
      expect(JSON.parse((await run(folder)).out)).toMatchObject({ state: 'stopped' });
      const values = (await recordsOf(connection, `${topic}-out`)).map(({ value }) => String(value));
      expect(new Set(values).size).toBe(all.length);
      expect(values.length).toBeLessThanOrEqual(all.length + done);
    });
  });
});
