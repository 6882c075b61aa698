import { describe, expect, it } from 'vitest';
import { silentLog } from '../../base/log.ts';
import { ManualClock } from '../../base/testing/manual-clock.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { MemoryInternalLog } from '../coordinator/testing/memory-internal-log.ts';
import type { Delivery, Ending } from './markers/marker-delivery.ts';
import type { PartitionsByTopic, Transaction } from './transaction.ts';
import { TransactionCoordinator } from './transaction-coordinator.ts';
import { transactionMachine } from './transaction-machine.ts';

const orders: PartitionsByTopic = new Map([['orders', [0, 1]]]);
const timeoutMs = 60_000;
const limits = { timeoutMsMax: 900_000, idExpirationMs: 1_000_000, expirationCheckMs: 10_000 };

/** A coordinator of a topic with one partition, and what it has delivered. */
async function bench(log = new MemoryInternalLog()) {
  const clock = new ManualClock();
  const ends: (Ending & { partitions: PartitionsByTopic; finish: (delivery: Delivery) => void })[] = [];
  let producerIds = 1_000;
  const coordinator = new TransactionCoordinator({
    clock,
    log: silentLog,
    limits,
    stateLog: log,
    isInTouch: () => true,
    nextProducerId: () => Promise.resolve(producerIds++),
    deliver: (ending, partitions) => new Promise((finish) => ends.push({ ...ending, partitions, finish })),
  });
  await coordinator.elected(0, 5);
  const init = (expected?: { producerId: number; epoch: number }, id = 'app') =>
    coordinator.initProducer({ transactionalId: id, timeoutMs, expected });
  const add = (epoch = 0, producerId = 1_000, version = 1) =>
    coordinator.addPartitions('app', { producerId, epoch }, orders, version);
  const end = (isCommit: boolean, epoch = 0, clientVersion = 1, producerId = 1_000) =>
    coordinator.end('app', { producerId, epoch, isCommit, clientVersion });
  const stored = () => coordinator.describe('app') as Transaction;
  /** Lets the partitions have the markers of everything that ended. */
  const delivered = async () => {
    for (const { finish } of ends) finish('delivered');
    await settled();
  };
  return { log, clock, coordinator, ends, init, add, end, stored, delivered };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

const taken = (producerId: number, producerEpoch: number) => ({ errorCode: 0, producerId, producerEpoch });

describe('a producer', () => {
  it('gets an id, and with every start the next epoch, which fences the one before', async () => {
    const { init, add } = await bench();
    expect(await init()).toEqual(taken(1_000, 0));
    expect(await init()).toEqual(taken(1_000, 1));
    expect(await add(0)).toBe(errorCode.PRODUCER_FENCED);
    expect(await add(1)).toBe(errorCode.NONE);
    expect(await add(1, 7)).toBe(errorCode.INVALID_PRODUCER_ID_MAPPING);
  });

  it('that goes on after an error keeps its id, and a repeated request is answered the same', async () => {
    const { init } = await bench();
    await init();
    expect(await init({ producerId: 1_000, epoch: 0 })).toEqual(taken(1_000, 1));
    expect(await init({ producerId: 1_000, epoch: 0 })).toEqual(taken(1_000, 1));
    await init();
    expect(await init({ producerId: 1_000, epoch: 1 })).toMatchObject({ errorCode: errorCode.PRODUCER_FENCED });
  });

  it('gets another id when its epochs are used up', async () => {
    const { init, coordinator } = await bench();
    await init();
    for (let epoch = 1; epoch <= 0x7ffe; epoch++) await init();
    expect(coordinator.describe('app')).toMatchObject({ producerEpoch: 0x7ffe });
    expect(await init({ producerId: 1_000, epoch: 0x7ffe })).toEqual(taken(1_001, 0));
    expect(await init({ producerId: 1_000, epoch: 0x7ffe })).toEqual(taken(1_001, 0)); // the answer was lost
    await init();
    expect(await init({ producerId: 1_000, epoch: 0x7ffe })).toMatchObject({ errorCode: errorCode.PRODUCER_FENCED });
  });

  it.each([0, -1, limits.timeoutMsMax + 1])('may not ask for a timeout of %i ms', async (asked) => {
    const { coordinator } = await bench();
    const command = { transactionalId: 'app', timeoutMs: asked, expected: undefined };
    expect(await coordinator.initProducer(command)).toMatchObject({ errorCode: errorCode.INVALID_TRANSACTION_TIMEOUT });
  });
});

describe('a transaction', () => {
  it.each([
    [true, 'CompleteCommit'],
    [false, 'CompleteAbort'],
  ])(
    'is decided when that is written, and over when its partitions have the marker (commit: %s)',
    async (isCommit, last) => {
      const { init, add, end, ends, stored, delivered, clock } = await bench();
      await init();
      await add();
      expect(await end(isCommit)).toEqual(taken(1_000, 0));
      expect(ends).toMatchObject([{ producerId: 1_000, producerEpoch: 0, isAbort: !isCommit, coordinatorEpoch: 5 }]);
      expect(ends[0]?.partitions).toEqual(orders);
      const early = add();
      await settled();
      clock.advance(101);
      expect(await early).toBe(errorCode.CONCURRENT_TRANSACTIONS);
      expect(await end(isCommit)).toMatchObject({ errorCode: errorCode.CONCURRENT_TRANSACTIONS });
      expect(await end(!isCommit)).toMatchObject({ errorCode: errorCode.CONCURRENT_TRANSACTIONS });
      await delivered();
      expect(stored()).toMatchObject({ phase: last, partitions: new Map() });
      expect(await end(isCommit)).toEqual(taken(1_000, 0)); // its answer was lost
      expect(await add()).toBe(errorCode.NONE);
      expect(stored()).toMatchObject({ phase: 'Ongoing', partitions: orders });
    },
  );

  it('in version 2 ends with the next epoch; the same epoch again is the next transaction', async () => {
    const { init, add, end, ends, delivered } = await bench();
    await init();
    await add(0, 1_000, 2);
    expect(await end(true, 0, 2)).toEqual(taken(1_000, 1));
    expect(ends).toMatchObject([{ producerEpoch: 1, transactionVersion: 2, isAbort: false }]);
    expect(await end(true, 0, 2)).toMatchObject({ errorCode: errorCode.CONCURRENT_TRANSACTIONS });
    await delivered();
    expect(await end(true, 0, 2)).toEqual(taken(1_000, 1));
    expect(await end(true, 1, 2)).toMatchObject({ errorCode: errorCode.INVALID_TXN_STATE });
    expect(await end(false, 1, 2)).toEqual(taken(1_000, 2)); // what was sent may be on its way: aborted all the same
    expect(ends.at(-1)).toMatchObject({ producerEpoch: 2, isAbort: true, partitions: new Map() });
  });

  it('in version 2 goes on with another id when the epochs are used up', async () => {
    const { init, add, end, ends, stored, delivered } = await bench();
    await init();
    for (let epoch = 1; epoch <= 0x7ffe; epoch++) await init();
    await add(0x7ffe, 1_000, 2);
    expect(await end(true, 0x7ffe, 2)).toEqual(taken(1_001, 0));
    expect(ends).toMatchObject([{ producerId: 1_000, producerEpoch: 0x7fff }]);
    await delivered();
    expect(stored()).toMatchObject({ producerId: 1_001, producerEpoch: 0, previousProducerId: 1_000 });
    expect(await end(true, 0x7ffe, 2)).toEqual(taken(1_001, 0));
  });

  it('tells leaders which partitions it has', async () => {
    const { init, add, coordinator } = await bench();
    await init();
    const verify = (partition: number, epoch = 0) =>
      coordinator.verify('app', { producerId: 1_000, epoch }, 'orders', partition);
    expect(verify(0)).toBe(errorCode.TRANSACTION_ABORTABLE);
    await add();
    expect([verify(0), verify(1), verify(2), verify(0, 1)]).toEqual([
      errorCode.NONE,
      errorCode.NONE,
      errorCode.TRANSACTION_ABORTABLE,
      errorCode.PRODUCER_FENCED,
    ]);
  });

  it('that takes too long is aborted, and its producer fenced', async () => {
    const { init, add, end, ends, clock, stored } = await bench();
    await init();
    await add();
    clock.advance(timeoutMs - 1);
    await settled();
    expect(ends).toEqual([]);
    clock.advance(1);
    await settled();
    expect(ends).toMatchObject([{ isAbort: true, producerEpoch: 1 }]);
    expect(stored().phase).toBe('PrepareAbort');
    expect(await end(true)).toMatchObject({ errorCode: errorCode.PRODUCER_FENCED });
  });

  it('of a producer that is replaced is aborted first: the new one comes again', async () => {
    const { init, add, ends, delivered } = await bench();
    await init();
    await add();
    expect(await init()).toMatchObject({ errorCode: errorCode.CONCURRENT_TRANSACTIONS });
    expect(ends).toMatchObject([{ isAbort: true, producerEpoch: 1 }]);
    expect(await init()).toMatchObject({ errorCode: errorCode.CONCURRENT_TRANSACTIONS });
    await delivered();
    expect(await init()).toEqual(taken(1_000, 2));
  });

  it('is not begun, decided or ended by what could not be written', async () => {
    const { init, add, end, ends, log, stored, clock, delivered } = await bench();
    await init();
    log.failWith = errorCode.NOT_ENOUGH_REPLICAS;
    expect(await add()).toBe(errorCode.COORDINATOR_NOT_AVAILABLE);
    log.failWith = errorCode.NONE;
    await add();
    log.failWith = errorCode.NOT_ENOUGH_REPLICAS;
    expect(await end(true)).toMatchObject({ errorCode: errorCode.COORDINATOR_NOT_AVAILABLE });
    expect(ends).toEqual([]);
    log.failWith = errorCode.NONE;
    await end(true);
    log.failWith = errorCode.NOT_ENOUGH_REPLICAS;
    await delivered();
    expect(stored().phase).toBe('PrepareCommit');
    log.failWith = errorCode.NONE;
    clock.advance(1_000);
    await settled();
    expect(stored().phase).toBe('CompleteCommit');
  });

  it('tells a command of the same id to come again while one is on its way, and lets partitions wait a moment', async () => {
    const { init, add, end, log, clock } = await bench();
    await init();
    log.holds = true;
    const first = add();
    const second = add();
    const third = add();
    await settled();
    expect(await end(true)).toMatchObject({ errorCode: errorCode.CONCURRENT_TRANSACTIONS });
    clock.advance(101);
    expect([await second, await third]).toEqual(Array(2).fill(errorCode.CONCURRENT_TRANSACTIONS));
    log.release();
    expect(await first).toBe(errorCode.NONE);
  });

  it.each([1, 2])(
    'of version %i is not ended another way while its markers are on their way: come again',
    async (version) => {
      const { init, add, end, delivered } = await bench();
      await init();
      await add(0, 1_000, version);
      await end(true, 0, version);
      // A version 2 producer has the next epoch already, and may abort what it has not begun (KIP-890).
      const epoch = version - 1;
      expect(await end(false, epoch, version)).toMatchObject({ errorCode: errorCode.CONCURRENT_TRANSACTIONS });
      await delivered();
      const after = version === 2 ? errorCode.NONE : errorCode.INVALID_TXN_STATE;
      expect(await end(false, epoch, version)).toMatchObject({ errorCode: after });
    },
  );

  it('lets the partitions of the next one join as soon as it is complete', async () => {
    const { init, add, end, delivered } = await bench();
    await init();
    await add();
    await end(true);
    let code: number | undefined;
    void add().then((answered) => {
      code = answered;
    });
    await settled();
    expect(code).toBeUndefined();
    await delivered();
    expect(code).toBe(errorCode.NONE);
  });

  it('answers in time when a write takes long, and the write counts all the same', async () => {
    const { init, add, log, clock, stored } = await bench();
    await init();
    log.holds = true;
    const adding = add();
    await settled();
    clock.advance(5_001);
    expect(await adding).toBe(errorCode.COORDINATOR_NOT_AVAILABLE);
    log.release();
    await settled();
    expect(stored().phase).toBe('Ongoing');
  });
});

describe('a successor', () => {
  it('finishes what was decided, and keeps the time of what is open', async () => {
    const first = await bench();
    await first.init();
    await first.add();
    await first.end(true);
    const second = await bench(first.log);
    expect(second.ends).toMatchObject([{ producerId: 1_000, isAbort: false, partitions: orders }]);
    await second.delivered();
    expect(second.stored().phase).toBe('CompleteCommit');
    await second.add();
    const third = await bench(first.log);
    third.clock.advance(timeoutMs + 1);
    await settled();
    expect(third.ends).toMatchObject([{ isAbort: true }]);
  });

  it('has what its predecessor had, in Kafka’s bytes', async () => {
    const { init, add, end, log, stored, delivered } = await bench();
    await init();
    await add(0, 1_000, 2);
    await end(true, 0, 2);
    await delivered();
    await add(1, 1_000, 2);
    const state = transactionMachine.create();
    for (const record of log.records) {
      const read = transactionMachine.decode(record);
      if (read.kind === 'unknown') throw new Error('unknown record');
      transactionMachine.apply(state, read, record.offset);
    }
    // The last epoch is not in the log: only the answer to a request sent twice depends on it.
    expect(state.stored.get('app')).toEqual({ ...stored(), lastProducerEpoch: -1 });
  });
});

it('forgets an id that has had no transaction for long', async () => {
  const { coordinator, init, clock, stored } = await bench();
  coordinator.start();
  await init();
  clock.advance(limits.idExpirationMs - 20_000);
  await settled();
  expect(stored()).toBeDefined();
  clock.advance(40_000);
  await settled();
  expect(stored()).toBeUndefined();
});
