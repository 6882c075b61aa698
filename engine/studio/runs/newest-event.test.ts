import { expect, it } from 'vitest';
import { MemoryTopics } from '../../../test/kit/memory-topics.ts';
import { ManualClock } from '../../base/testing/manual-clock.ts';
import { newestEvent } from './newest-event.ts';

async function newestOf(values: readonly string[], topics: unknown = ['orders']) {
  const source = new MemoryTopics();
  await source.create({ name: 'orders', partitions: 1, replicationFactor: 1, configs: {} });
  for (const [index, value] of values.entries()) source.add('orders', 0, value, 1_000 + index);
  const config = { connection: 'c', topics, valueFormat: 'json', keyFormat: 'text' };
  return newestEvent({ name: 'Receive', type: 'kafka.receive-message', config }, async () => source, new ManualClock());
}

it('is the newest message that is what the starter declares', async () => {
  expect(await newestOf(['{"n":1}', '{"n":2}'])).toMatchObject({
    found: { origin: 'Newest message of orders[0] @ 1', output: { offset: 1, value: { n: 2 } } },
  });
});

it('passes over newer ones that cannot be read, and says why', async () => {
  const event = await newestOf(['{"n":1}', '{"n":', 'x']);
  expect(event).toMatchObject({
    found: { output: { offset: 0, value: { n: 1 } } },
    reason: expect.stringMatching(/^the newest message, orders\[0\] @ 2, cannot be read: Value: expected JSON, found/),
  });
});

it.each([
  [['x'], ['orders'], /^the newest message, orders\[0\] @ 0, cannot be read: Value: expected JSON, found "?.?x/],
  [['x', 'y'], ['orders'], /nor can the 1 before it$/],
  [[], ['orders'], /^topic orders holds no message$/],
  [[], [], /no connection or no topic yet/],
])('says why there is none: %j of %j', async (values, topics, reason) => {
  const event = await newestOf(values, topics);
  expect(event?.found).toBeUndefined();
  expect(event?.reason).toMatch(reason);
});
