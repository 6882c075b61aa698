import { describe, expect, it } from 'vitest';
import { AssertionError } from '../../../engine/base/assert.ts';
import type { TakenRecord } from '../../../engine/kafka/group-consumer.ts';
import type { ReceivedRecord } from '../../../engine/kafka/received-record.ts';
import type { JobOutcome, StarterEvent } from '../../../engine/spi/runtime.ts';
import { testConfig, testRuntimeHost } from '../../../test/kit/runtime-host.ts';
import declaration from './activity.ts';
import type { DeadLetterCause, DeadLetterTarget } from './dead-letters.ts';
import { deadLetter } from './dead-letters.ts';
import type { SourceListener } from './message-starter.ts';
import { MessageStarter } from './message-starter.ts';
import type { ReceivedMessage } from './received-message.ts';
import { runtime } from './runtime.ts';

const failed: JobOutcome = {
  ok: false,
  error: { code: 'BOOM', message: 'it broke', activity: 'send', retriable: true },
};
const hopeless: JobOutcome = {
  ok: false,
  error: { code: 'KAFKA_DECODE_FAILED', message: 'expected JSON', activity: 'map', retriable: false },
};

function start(
  raw: Record<string, string | number>,
  count: number,
  { roomFor = Number.POSITIVE_INFINITY, bugAt = -1 } = {},
) {
  const host = testRuntimeHost();
  const queue = Array.from({ length: count }, (_, offset) => offset);
  const settled: number[] = [];
  const events: StarterEvent[] = [];
  const failures: Error[] = [];
  let readable = () => {};
  let ready = () => {};
  let isPaused = false;
  let isClosed = false;
  const letters: { record: ReceivedRecord; cause: DeadLetterCause; keep: () => void; lose: (e: Error) => void }[] = [];
  const take = (): TakenRecord | undefined => {
    const offset = isPaused ? undefined : queue.shift();
    if (offset === undefined) return undefined;
    if (offset === bugAt) throw new AssertionError('handed out twice');
    const value = Buffer.from(JSON.stringify({ offset }));
    const record = { topic: 't', partition: 0, offset, timestampMs: 5, key: Buffer.from('k'), value, headers: [] };
    return {
      record: { ...record, timestampType: 'create', sizeBytes: 10 },
      settle: () => settled.push(offset),
    };
  };
  const config = testConfig(declaration, { connection: 'c', topics: 't', groupId: 'g', ...raw });
  const source = {
    lag: queue.length,
    isReading: true,
    start: async () => {},
    take,
    pause: () => {
      isPaused = true;
    },
    close: async () => {
      isClosed = true;
    },
  };
  const deadLetters: DeadLetterTarget = {
    send: (record, cause) =>
      new Promise((resolve, lose) => {
        const keep = () => resolve({ topic: 'aside', partition: 0, offset: letters.length });
        letters.push({ record, cause, keep, lose });
      }),
    close: async () => {},
  };
  let broken = (_error: unknown) => {};
  const createSource = (listener: SourceListener) => {
    readable = listener.readable;
    broken = listener.failed;
    return source;
  };
  const starter = new MessageStarter(config, host, createSource, deadLetters);
  const sink = {
    emit: (event: StarterEvent) => events.push(event) < roomFor,
    onReady: (callback: () => void) => {
      ready = callback;
    },
    finished: () => {},
    failed: (error: Error) => failures.push(error),
  };
  void starter.start(sink);
  readable();
  const settle = (outcome: JobOutcome) => events.at(-1)!.settle(outcome);
  const told = { ready: () => ready(), broken: (error: unknown) => broken(error), isClosed: () => isClosed };
  return { source, host, starter, events, settled, failures, letters, settle, ...told };
}

const offsetsOf = (events: readonly StarterEvent[]) => events.map(({ output }) => (output as ReceivedMessage).offset);

describe('ReceiveMessage', () => {
  it('hands over decoded records and settles those whose jobs ended well', () => {
    const { events, settled, starter } = start({}, 2);
    expect(JSON.parse(JSON.stringify(events[1]!.output))).toEqual({
      topic: 't',
      partition: 0,
      offset: 1,
      timestamp: 5,
      key: 'k',
      value: { offset: 1 },
      headers: {},
      raw: { key: { base64: 'aw==' }, value: { base64: Buffer.from('{"offset":1}').toString('base64') }, headers: [] },
    });
    expect(starter.origin(events[1]!.output)).toBe('t[0] @ 1');
    events[1]!.settle({ ok: true });
    expect(settled).toEqual([1]);
  });

  it('is not idle while its group has not assigned partitions: records may wait for it', () => {
    const { source, starter } = start({}, 0);
    source.isReading = false;
    expect(starter.waiting).toBe(1);
    source.isReading = true;
    expect(starter.waiting).toBe(0);
  });

  it('hands over nothing more until the flow limit gives room', () => {
    const { events, ready, host } = start({}, 5, { roomFor: 2 });
    expect(offsetsOf(events)).toEqual([0, 1]);
    ready();
    // Jobs end in bursts: what has room after one is handed over together.
    expect(offsetsOf(events)).toEqual([0, 1]);
    host.clock.advance(0);
    expect(offsetsOf(events)).toEqual([0, 1, 2]);
  });

  it('tries a failed record again after a growing pause, then stops the process without settling it', () => {
    const { host, starter, events, settled, failures } = start(
      { onFailure: 'retry', retries: 2, retryBackoffMs: 1000 },
      1,
    );
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(events.at(-1)!.settle(failed)).toBe('again');
      const before = host.clock.monotonic();
      host.clock.step();
      pauses.push(host.clock.monotonic() - before);
    }
    expect(starter.waiting).toBe(1);
    expect(pauses[0]).toBeGreaterThanOrEqual(750);
    expect(pauses[1]).toBeGreaterThanOrEqual(1500);
    expect(offsetsOf(events)).toEqual([0, 0, 0]);
    expect(events.at(-1)!.settle(failed)).toBeUndefined();
    expect(settled).toEqual([]);
    expect(failures).toMatchObject([
      {
        message: 'record t-0@0 failed 3 times: it broke; its offset is not committed',
        details: { record: { topic: 't', partition: 0, offset: 0 } },
      },
    ]);
  });

  it('does not try again what cannot go well another time', () => {
    const { events, failures, settle } = start({ onFailure: 'retry', retries: 5 }, 1);
    expect(settle(hopeless)).toBeUndefined();
    expect([events.length, failures.map(({ message }) => message)]).toEqual([
      1,
      ['record t-0@0 failed: expected JSON; its offset is not committed'],
    ]);
  });

  it('puts a record aside as it came, with the cause, and settles it when that is safe', async () => {
    const { host, starter, events, settled, failures, letters } = start({}, 2);
    expect(events[1]!.settle(hopeless)).toBe('aside');
    expect(letters[0]).toMatchObject({
      record: { offset: 1, value: Buffer.from('{"offset":1}') },
      cause: { error: { code: 'KAFKA_DECODE_FAILED' }, attempts: 1, groupId: 'g' },
    });
    events[0]!.settle({ ok: true });
    expect([settled, starter.waiting]).toEqual([[0], 1]);
    letters[0]!.keep();
    await Promise.resolve().then(() => {});
    expect([settled, failures, starter.waiting]).toEqual([[0, 1], [], 0]);
    expect(host.values.get('records_dead_lettered_total')).toBe(1);
  });

  it('tries again first what may pass, then puts it aside', () => {
    const { host, events, letters, settle } = start({ retries: 1, retryBackoffMs: 10 }, 1);
    expect(settle(failed)).toBe('again');
    host.clock.step();
    expect(settle(failed)).toBe('aside');
    expect([events.length, letters[0]!.cause.attempts]).toEqual([2, 2]);
  });

  it('stops, and commits nothing, when the dead letter cannot be kept', async () => {
    const { settled, failures, letters, settle } = start({}, 1);
    settle(hopeless);
    letters[0]!.lose(new Error('no such topic'));
    await Promise.resolve().then(() => {});
    expect([settled, failures.map(({ message }) => message)]).toEqual([
      [],
      [
        'record t-0@0 failed: expected JSON, and the dead letter could not be sent: no such topic; its offset is not committed',
      ],
    ]);
  });

  it('stops when nothing but dead letters comes: then it is not the records', () => {
    const { events, failures, letters } = start({ failuresInRowMax: 2 }, 6);
    events[0]!.settle(hopeless);
    events[1]!.settle({ ok: true });
    events[2]!.settle(hopeless);
    events[3]!.settle(hopeless);
    expect([letters.length, failures.length]).toEqual([3, 0]);
    expect(events[4]!.settle(hopeless)).toBeUndefined();
    expect(letters.length).toBe(3);
    expect(failures.map(({ message }) => message)).toEqual([
      'record t-0@4 failed, after 2 others in a row: expected JSON; its offset is not committed',
    ]);
  });

  it('skips failed records when told to', () => {
    const { events, settled, failures } = start({ onFailure: 'skip' }, 2);
    expect(events[0]!.settle(failed)).toBe('aside');
    expect([settled, failures]).toEqual([[0], []]);
  });

  it('fails the process when its source cannot go on', () => {
    const { failures, broken, settle } = start({}, 1);
    broken(new AssertionError('record 48 handed out after 49'));
    expect(failures).toMatchObject([{ message: 'record 48 handed out after 49' }]);
    expect(settle({ ok: true })).toBeUndefined();
  });

  it('fails the process on a bug, and tries nothing again', () => {
    const { host, events, failures } = start({}, 5, { bugAt: 2 });
    expect(failures).toMatchObject([{ name: 'AssertionError', message: 'handed out twice' }]);
    host.clock.advance(60_000);
    expect(offsetsOf(events)).toEqual([0, 1]);
  });

  it('stops when every open job has ended, giving back what waits for a retry', async () => {
    const { starter, events, settled, isClosed } = start({}, 3);
    events[0]!.settle(failed);
    const stopped = starter.stop();
    events[1]!.settle({ ok: true });
    expect(isClosed()).toBe(false);
    events[2]!.settle(failed);
    await stopped;
    expect([settled, isClosed()]).toEqual([[1], true]);
  });
});

describe('a dead letter', () => {
  it('is refused a topic that is read as well: it would be read, fail and be sent for ever', async () => {
    const fields = { connection: 'c', topics: ['t', 'u'], groupId: 'g', deadLetterTopic: 'u' };
    const open = async () => runtime.open(testConfig(declaration, fields), testRuntimeHost());
    await expect(open()).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('found u') });
  });

  it('is the record with all its bytes and headers, and the cause behind them', () => {
    const headers = [
      { key: 'h', value: Buffer.from([0xff]) },
      { key: 'h', value: null },
    ];
    const bytes = Buffer.from([0x7b, 0xff, 0x00]);
    const record = { topic: 't', partition: 3, offset: 17, timestampMs: 5, key: null, value: bytes, headers };
    const error = { code: 'X', message: 'm'.repeat(5_000), activity: 'map', retriable: false };
    const letter = deadLetter(
      { ...record, timestampType: 'create', sizeBytes: 3 },
      { error, groupId: 'g', attempts: 2, atMs: 0 },
      'aside',
    );
    expect(letter).toMatchObject({ topic: 'aside', key: null, value: bytes });
    expect(letter.timestampMs).toBeUndefined();
    expect(letter.headers!.slice(0, 2)).toEqual(headers);
    const causes = letter.headers!.slice(2).map(({ key, value }) => [key, String(value)]);
    expect(Object.fromEntries(causes)).toEqual({
      '__millrace.errors.topic': 't',
      '__millrace.errors.partition': '3',
      '__millrace.errors.offset': '17',
      '__millrace.errors.timestamp': '5',
      '__millrace.errors.group': 'g',
      '__millrace.errors.activity': 'map',
      '__millrace.errors.code': 'X',
      '__millrace.errors.message': 'm'.repeat(1_000),
      '__millrace.errors.attempts': '2',
      '__millrace.errors.time': '1970-01-01T00:00:00.000Z',
    });
  });
});
