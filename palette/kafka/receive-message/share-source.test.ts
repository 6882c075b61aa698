import { expect, it } from 'vitest';
import { ManualClock } from '../../../engine/base/testing/manual-clock.ts';
import type { ShareListener } from '../../../engine/kafka/share-consumer.ts';
import type { StarterEvent } from '../../../engine/spi/runtime.ts';
import { testConfig, testRuntimeHost } from '../../../test/kit/runtime-host.ts';
import declaration from './activity.ts';
import { MessageStarter } from './message-starter.ts';
import { ShareSource } from './share-source.ts';

const record = (offset: number) => ({
  ...{ topic: 't', partition: 0, offset, timestampMs: 5, timestampType: 'create' as const, sizeBytes: 10 },
  ...{ key: null, value: Buffer.from('1'), headers: [] },
});

/** A share group with these records, by how often each was handed out before. */
function queueOf(clock: ManualClock, ...deliveries: readonly number[]) {
  const told: string[] = [];
  let next = 0;
  let tell!: ShareListener;
  const consumer = {
    lockMs: 3_000,
    start: async () => {},
    close: async () => {},
    take: () => {
      if (next >= deliveries.length) return undefined;
      const offset = next++;
      const acknowledge = (outcome: string) => void told.push(`${offset} ${outcome}`);
      return { record: record(offset), deliveryCount: deliveries[offset]!, acknowledge };
    },
  };
  const create = (listener: ShareListener) => {
    tell = listener;
    return consumer;
  };
  return { told, create, clock, readable: () => tell.readable() };
}

async function started(queue: ReturnType<typeof queueOf>, raw: Record<string, string | number> = {}) {
  const events: StarterEvent[] = [];
  const failures: Error[] = [];
  const host = testRuntimeHost();
  const config = testConfig(declaration, { connection: 'c', topics: 't', groupId: 'g', readAs: 'queue', ...raw });
  const letters = { send: async () => ({ topic: 'aside', partition: 0, offset: 1 }), close: async () => {} };
  const source = (listener: ConstructorParameters<typeof ShareSource>[1]) =>
    new ShareSource(queue.clock, listener, queue.create);
  const starter = new MessageStarter(config, host, source, letters);
  const emit = (event: StarterEvent) => events.push(event) > 0;
  await starter.start({ emit, onReady: () => {}, finished: () => {}, failed: (error) => failures.push(error) });
  queue.readable();
  return { events, failures, host };
}

const error = { code: 'BAD', message: 'bad', activity: 'map', retriable: true };

it('accepts the record of a job that ended well, and keeps that of a long one its own', async () => {
  const queue = queueOf(new ManualClock(), 1, 1);
  const { events } = await started(queue);
  events[0]!.settle({ ok: true });
  expect(queue.told).toEqual(['0 accept']);
  queue.clock.advance(1_000);
  expect(queue.told).toEqual(['0 accept']);
  queue.clock.advance(2_000);
  expect(queue.told).toEqual(['0 accept', '1 renew', '1 renew']);
});

it('gives back what may go well another time, after its pause, and puts aside what was tried often enough by anybody', async () => {
  const queue = queueOf(new ManualClock(), 1, 4);
  const { events, host } = await started(queue, { retries: 3 });
  expect([events[0]!.settle({ ok: false, error }), events[1]!.settle({ ok: false, error })]).toEqual([
    'again',
    'aside',
  ]);
  await Promise.resolve().then(() => {});
  expect(queue.told).toEqual(['1 accept']);
  host.clock.advance(2_000);
  expect(queue.told).toEqual(['1 accept', '0 release']);
});
