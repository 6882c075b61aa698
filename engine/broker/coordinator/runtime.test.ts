import { describe, expect, it } from 'vitest';
import { MillraceError } from '../../base/errors.ts';
import { silentLog } from '../../base/log.ts';
import { ManualClock } from '../../base/testing/manual-clock.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { CoordinatorRuntime } from './runtime.ts';
import type { Shard } from './shard.ts';
import type { StateMachine } from './state-machine.ts';
import { MemoryInternalLog } from './testing/memory-internal-log.ts';
import { UnreadableRecordError } from './unreadable-record-error.ts';

interface Word {
  readonly kind: 'word';
  readonly text: string;
}

/** Keeps words in the order of their records. A key of 9 is of a later version, one of 8 cannot be read. */
const words: StateMachine<string[], Word> = {
  create: () => [],
  encode: ({ text }) => ({ key: Buffer.from([1]), value: Buffer.from(text) }),
  decode: ({ key, value }) => {
    if (key[0] === 9) return { kind: 'unknown', part: 'key', version: 9 };
    if (key[0] === 8) throw new Error('no such word');
    return { kind: 'word', text: value?.toString() ?? '' };
  },
  apply: (state, { text }, recordOffset) => void state.push(`${recordOffset}:${text}`),
};

function setUp() {
  const clock = new ManualClock();
  const log = new MemoryInternalLog();
  const opened: Shard<string[]>[] = [];
  const resigned: Shard<string[]>[] = [];
  const runtime = new CoordinatorRuntime({
    clock,
    log: silentLog,
    internalLog: log,
    machine: words,
    onActive: (shard) => void opened.push(shard),
    onResigned: (shard) => void resigned.push(shard),
  });
  return { clock, log, runtime, opened, resigned };
}

const word = (text: string): Word => ({ kind: 'word', text });
const readFailure = () => new MillraceError('DISK_READ_FAILED', 'EIO', { retriable: true });

/** The active shard of the one partition. */
function shardIn({ runtime }: ReturnType<typeof setUp>): Shard<string[]> {
  const shard = runtime.shardOf('any');
  if (typeof shard === 'number') throw new Error(`refused with ${shard}`);
  return shard;
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

describe('a coordinator', () => {
  it('applies a record when it is committed, and nothing of one that is refused', async () => {
    const setup = setUp();
    await setup.runtime.elected(0, 1);
    const shard = shardIn(setup);
    setup.log.holds = true;
    const writing = setup.runtime.write(shard, [word('a'), word('b')]);
    expect(shard.state).toEqual([]);
    setup.log.release();
    expect(await writing).toBe(errorCode.NONE);
    expect(shard.state).toEqual(['0:a', '1:b']);
    setup.log.failWith = errorCode.NOT_ENOUGH_REPLICAS;
    expect(await setup.runtime.write(shard, [word('c')])).toBe(errorCode.COORDINATOR_NOT_AVAILABLE);
    expect(shard.state).toEqual(['0:a', '1:b']);
  });

  it('reads its partition back when it is elected again', async () => {
    const setup = setUp();
    await setup.runtime.elected(0, 1);
    await setup.runtime.write(shardIn(setup), [word('a')]);
    setup.runtime.resigned(0);
    expect(setup.runtime.shardOf('any')).toBe(errorCode.NOT_COORDINATOR);
    expect(setup.resigned).toHaveLength(1);
    const loading = setup.runtime.elected(0, 2);
    expect(setup.runtime.shardOf('any')).toBe(errorCode.COORDINATOR_LOAD_IN_PROGRESS);
    await loading;
    expect(shardIn(setup)).toMatchObject({ state: ['0:a'], leaderEpoch: 2 });
  });

  it('goes on with what it has when it leads on in a later epoch', async () => {
    const setup = setUp();
    await setup.runtime.elected(0, 1);
    await setup.runtime.elected(0, 2);
    expect(setup.log.loads).toBe(1);
    expect(shardIn(setup).leaderEpoch).toBe(2);
    expect(setup.resigned).toEqual([]);
  });

  it('tries a failed load again, each time a little later, and keeps nothing of the tries that failed', async () => {
    const setup = setUp();
    setup.log.records.push({ key: Buffer.from([1]), value: Buffer.from('a'), offset: 0 });
    setup.log.loadFailures.push(readFailure(), readFailure(), readFailure());
    await setup.runtime.elected(0, 1);
    for (const [waitMs, loads] of [
      [99, 1],
      [1, 2],
      [199, 2],
      [1, 3],
      [399, 3],
      [1, 4],
    ] as const) {
      expect(setup.runtime.shardOf('any')).toBe(errorCode.COORDINATOR_LOAD_IN_PROGRESS);
      setup.clock.advance(waitMs);
      await turns();
      expect(setup.log.loads).toBe(loads);
    }
    expect(shardIn(setup).state).toEqual(['0:a']);
    expect(setup.runtime.counts.failures).toBe(3);
  });

  it('waits no longer than ten seconds between two tries', async () => {
    const setup = setUp();
    setup.log.loadFailures.push(...Array.from({ length: 20 }, readFailure));
    await setup.runtime.elected(0, 1);
    for (let second = 0; second < 20; second++) {
      setup.clock.advance(10_000);
      await turns();
    }
    expect(setup.opened).toHaveLength(1);
  });

  it('stops trying when another broker leads, and when it stops itself', async () => {
    const setup = setUp();
    setup.log.loadFailures.push(readFailure(), readFailure());
    await setup.runtime.elected(0, 1);
    setup.runtime.resigned(0);
    await setup.runtime.elected(0, 3);
    setup.runtime.stop();
    await setup.runtime.elected(0, 4);
    setup.clock.advance(60_000);
    await turns();
    expect(setup.log.loads).toBe(2);
    expect(setup.opened).toEqual([]);
  });

  it('serves nobody in an epoch in which a record could not be read, and tries anew in the next one', async () => {
    const setup = setUp();
    setup.log.records.push({ key: Buffer.from([8]), value: null, offset: 0 });
    await setup.runtime.elected(0, 1);
    expect(setup.runtime.shardOf('any')).toBe(errorCode.NOT_COORDINATOR);
    expect(setup.runtime.countIn('failed')).toBe(1);
    expect(setup.runtime.counts).toMatchObject({ unreadable: 1, failures: 0 });
    setup.clock.advance(60_000);
    await turns();
    expect(setup.log.loads).toBe(1);
    setup.log.records.length = 0;
    await setup.runtime.elected(0, 2);
    expect(shardIn(setup).leaderEpoch).toBe(2);
    setup.runtime.resigned(0);
    setup.log.loadFailures.push(new UnreadableRecordError(7, new Error('not a record')));
    await setup.runtime.elected(0, 3);
    expect(setup.runtime.countIn('failed')).toBe(1);
  });

  it('passes over what it does not know, and counts it', async () => {
    const setup = setUp();
    setup.log.records.push({ key: Buffer.from([9]), value: null, offset: 0 });
    setup.log.records.push({ key: Buffer.from([1]), value: Buffer.from('a'), offset: 1 });
    setup.log.controlBatches = 3;
    await setup.runtime.elected(0, 1);
    expect(shardIn(setup).state).toEqual(['1:a']);
    expect(setup.runtime.counts).toMatchObject({ unknownKeys: 1, unknownValues: 0, controlBatches: 3 });
  });

  it('takes no note of what was committed after it had resigned', async () => {
    const setup = setUp();
    await setup.runtime.elected(0, 1);
    const shard = shardIn(setup);
    setup.log.holds = true;
    const writing = setup.runtime.write(shard, [word('late')]);
    setup.runtime.resigned(0);
    setup.log.release();
    expect(await writing).toBe(errorCode.NONE);
    expect(shard.state).toEqual([]);
    expect(await setup.runtime.write(shard, [word('later')])).toBe(errorCode.NOT_COORDINATOR);
    expect(setup.log.records).toHaveLength(1);
  });

  it('knows when all that was begun is settled, also when a later write was refused at once', async () => {
    const setup = setUp();
    await setup.runtime.elected(0, 1);
    const shard = shardIn(setup);
    setup.log.holds = true;
    void setup.runtime.write(shard, [word('slow')]);
    setup.log.failWith = errorCode.NOT_ENOUGH_REPLICAS;
    await setup.runtime.write(shard, [word('refused')]);
    let isSettled = false;
    const settled = shard.writes.whenSettled().then(() => {
      isSettled = true;
    });
    await turns();
    expect(isSettled).toBe(false);
    setup.log.release();
    await settled;
    expect(shard.state).toEqual(['0:slow']);
  });
});
