import { describe, expect, it } from 'vitest';
import { testConfig, testRuntimeHost, testSink } from '../../../test/kit/runtime-host.ts';
import timer from './activity.ts';
import { runtime } from './runtime.ts';

async function started(raw: Parameters<typeof testConfig>[1], room = Number.POSITIVE_INFINITY) {
  const host = testRuntimeHost();
  const sink = testSink(room);
  const instance = await runtime.open(testConfig(timer, raw), host);
  await instance.start(sink);
  return { clock: host.clock, sink, instance };
}

describe('Timer', () => {
  it('starts at once and then at each interval', async () => {
    const { clock, sink } = await started({ intervalMs: 1000 });
    clock.advance(0);
    expect(sink.outputs).toEqual([{ count: 1, timestamp: 1_700_000_000_000, time: '2023-11-14T22:13:20.000Z' }]);
    clock.advance(2999);
    expect(sink.outputs.map((output) => (output as { count: number }).count)).toEqual([1, 2, 3]);
  });

  it('waits one interval when told so, and ends after its number of jobs', async () => {
    const { clock, sink } = await started({ intervalMs: 1000, startImmediately: false, count: 2 });
    clock.advance(999);
    expect(sink.outputs).toHaveLength(0);
    clock.advance(10_000);
    expect(sink.outputs).toHaveLength(2);
    expect(sink.isFinished).toBe(true);
  });

  it('does not save up ticks while there is no room', async () => {
    const { clock, sink } = await started({ intervalMs: 1000 }, 1);
    clock.advance(5500);
    expect(sink.outputs).toHaveLength(1);
    sink.makeRoom(10);
    clock.advance(999);
    expect(sink.outputs).toHaveLength(1);
    clock.advance(1);
    expect(sink.outputs).toHaveLength(2);
  });

  it('stops when its jobs have ended', async () => {
    const { clock, sink, instance } = await started({ intervalMs: 1000 });
    clock.advance(1000);
    let isStopped = false;
    const stopping = instance.stop().then(() => {
      isStopped = true;
    });
    clock.advance(10_000);
    await Promise.resolve();
    expect([isStopped, sink.outputs.length]).toEqual([false, 2]);
    sink.settleAll();
    await stopping;
    expect(isStopped).toBe(true);
  });
});
