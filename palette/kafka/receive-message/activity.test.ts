import { describe, expect, it } from 'vitest';
import type { TakenRecord } from '../../../engine/kafka/group-consumer.ts';
import type { JobOutcome, StarterEvent } from '../../../engine/spi/runtime.ts';
import { testConfig, testRuntimeHost } from '../../../test/kit/runtime-host.ts';
import declaration from './activity.ts';
import { MessageStarter } from './message-starter.ts';
import type { ReceivedMessage } from './received-message.ts';

const failed: JobOutcome = {
  ok: false,
  error: { code: 'BOOM', message: 'it broke', activity: 'send', retriable: true },
};

function start(raw: Record<string, string | number>, count: number, roomFor = Number.POSITIVE_INFINITY) {
  const host = testRuntimeHost();
  const queue = Array.from({ length: count }, (_, offset) => offset);
  const settled: number[] = [];
  const events: StarterEvent[] = [];
  const failures: Error[] = [];
  let readable = () => {};
  let ready = () => {};
  let isPaused = false;
  let isClosed = false;
  const take = (): TakenRecord | undefined => {
    const offset = isPaused ? undefined : queue.shift();
    if (offset === undefined) return undefined;
    const value = Buffer.from(JSON.stringify({ offset }));
    const record = { topic: 't', partition: 0, offset, timestampMs: 5, key: Buffer.from('k'), value, headers: [] };
    return {
      record: { ...record, timestampType: 'create', sizeBytes: 10 },
      settle: () => settled.push(offset),
    };
  };
  const config = testConfig(declaration, { connection: 'c', topics: 't', groupId: 'g', ...raw });
  const starter = new MessageStarter(config, host, (callback) => {
    readable = callback;
    return {
      lag: queue.length,
      start: async () => {},
      take,
      pause: () => {
        isPaused = true;
      },
      close: async () => {
        isClosed = true;
      },
    };
  });
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
  return { host, starter, events, settled, failures, ready: () => ready(), isClosed: () => isClosed };
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
    });
    expect(starter.origin(events[1]!.output)).toBe('t[0] @ 1');
    events[1]!.settle({ ok: true });
    expect(settled).toEqual([1]);
  });

  it('hands over nothing more until the flow limit gives room', () => {
    const { events, ready } = start({}, 5, 2);
    expect(offsetsOf(events)).toEqual([0, 1]);
    ready();
    expect(offsetsOf(events)).toEqual([0, 1, 2]);
  });

  it('tries a failed record again after a growing pause, then stops the process without settling it', () => {
    const { host, events, settled, failures } = start({ retries: 2, retryBackoffMs: 1000 }, 1);
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 2; attempt++) {
      events.at(-1)!.settle(failed);
      const before = host.clock.monotonic();
      host.clock.step();
      pauses.push(host.clock.monotonic() - before);
    }
    expect(pauses[0]).toBeGreaterThanOrEqual(750);
    expect(pauses[1]).toBeGreaterThanOrEqual(1500);
    expect(offsetsOf(events)).toEqual([0, 0, 0]);
    events.at(-1)!.settle(failed);
    expect(settled).toEqual([]);
    expect(failures.map(({ message }) => message)).toEqual([
      'record t-0@0 failed 3 times: it broke; its offset is not committed',
    ]);
  });

  it('skips failed records when told to', () => {
    const { events, settled, failures } = start({ onFailure: 'skip' }, 2);
    events[0]!.settle(failed);
    expect([settled, failures]).toEqual([[0], []]);
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
