import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../base/testing/seeded-random.ts';
import { apis } from '../protocol/api-keys.ts';
import { errorCode } from '../protocol/error-codes.ts';
import { ScriptedCluster } from './testing/scripted-cluster.ts';
import { ScriptedLogs } from './testing/scripted-logs.ts';
import type { CoordinatorFault } from './testing/scripted-transactions.ts';
import { ScriptedTransactions } from './testing/scripted-transactions.ts';
import type { TransactionSettings } from './transactional-producer.ts';
import { TransactionalProducer } from './transactional-producer.ts';

const group = { groupId: 'g', memberId: 'm', generation: 1 };

async function ground(isV2: boolean, brokers = 1, settings: Partial<TransactionSettings> = {}) {
  const cluster = new ScriptedCluster(brokers);
  const logs = new ScriptedLogs(cluster);
  const transactions = new ScriptedTransactions(cluster, logs, isV2);
  logs.create('t', 2);
  const producer = new TransactionalProducer(cluster.connection(), { transactionalId: 'x', ...settings });
  /** Waits for a call while time goes on. */
  const run = async <T>(call: Promise<T>): Promise<T> => {
    let isOver = false;
    call.then(
      () => {
        isOver = true;
      },
      () => {
        isOver = true;
      },
    );
    await cluster.until('the call', () => isOver);
    return call;
  };
  await run(producer.init());
  const send = (value: string, partition = 0) => producer.send({ topic: 't', partition, value: Buffer.from(value) });
  return { cluster, logs, transactions, producer, run, send };
}

describe.each([
  ['2', true],
  ['1', false],
])('transactions of version %s', (_, isV2) => {
  it('tells the coordinator of partitions only where it has to, once in a transaction', async () => {
    const { cluster, transactions, producer, run, send } = await ground(isV2);
    for (const round of ['a', 'b']) {
      producer.begin();
      await run(Promise.all([send(`${round}1`), send(`${round}2`, 1)]));
      await run(send(`${round}3`));
      await run(producer.commit());
    }
    expect(cluster.requests(apis.addPartitionsToTxn)).toHaveLength(isV2 ? 0 : 2);
    expect(cluster.requests(apis.produce).every(({ body }) => body.transactionalId === 'x')).toBe(true);
    expect(cluster.requests(apis.produce)[0]!.version).toBe(isV2 ? 13 : 11);
    expect(transactions.committed.get('t-0')).toEqual(['a1', 'a3', 'b1', 'b3']);
    expect(transactions.committed.get('t-1')).toEqual(['a2', 'b2']);
  });

  it('ends nothing where nothing was written', async () => {
    const { cluster, producer, run } = await ground(isV2);
    producer.begin();
    await run(producer.commit());
    producer.begin();
    await run(producer.abort());
    expect(cluster.requests(apis.endTxn)).toHaveLength(0);
  });

  it('says when a commit may have happened, and finds out when asked again', async () => {
    const { transactions, producer, run, send } = await ground(isV2);
    producer.begin();
    await run(send('a'));
    transactions.fault = () => 'answer lost';
    await expect(run(producer.commit())).rejects.toMatchObject({ retriable: true });
    expect(() => producer.begin()).toThrow('found it ending');
    await expect(producer.abort()).rejects.toMatchObject({ code: 'KAFKA_TRANSACTION_STATE' });
    transactions.fault = () => undefined;
    await run(producer.commit());
    producer.begin();
    await run(send('b'));
    await run(producer.commit());
    expect(transactions.committed.get('t-0')).toEqual(['a', 'b']);
  });

  it('goes on under a new epoch after an abort that leaves open what was written', async () => {
    const { cluster, logs, transactions, producer, run, send } = await ground(isV2);
    cluster.on(apis.produce, ({ broker, body }) => {
      for (const { name, topicId, partitionData } of body.topicData)
        for (const { index, records } of partitionData) logs.produce(broker, name, topicId, index, records!);
      return 'close';
    });
    producer.begin();
    const sent = send('lost').catch((error) => error);
    await cluster.until('it is written', () => logs.values('t').length > 0);
    await run(producer.abort());
    expect(await sent).toMatchObject({ code: 'KAFKA_TRANSACTION_ABORTED' });
    expect(producer.phase).toBe('ready');
    cluster.on(apis.produce, ({ broker, body }) => ({
      responses: body.topicData.map(({ name, topicId, partitionData }) => ({
        name,
        topicId,
        partitionResponses: partitionData.map(({ index, records }) => ({
          index,
          errorMessage: null,
          ...logs.produce(broker, name, topicId, index, records!),
        })),
      })),
    }));
    producer.begin();
    await run(send('kept'));
    await run(producer.commit());
    expect(transactions.committed.get('t-0')).toEqual(['kept']);
  });

  it('goes on under a new epoch after a record whose outcome was waited for too long', async () => {
    const { cluster, logs, transactions, producer, run, send } = await ground(isV2, 1, { deliveryWaitMsMax: 500 });
    let isSilent = true;
    cluster.on(apis.produce, ({ broker, body }) => {
      if (!isSilent) return undefined;
      for (const { name, topicId, partitionData } of body.topicData)
        for (const { index, records } of partitionData) logs.produce(broker, name, topicId, index, records!);
      return 'silence';
    });
    producer.begin();
    await expect(run(send('lost'))).rejects.toMatchObject({ code: 'KAFKA_SEND_TIMEOUT' });
    await expect(run(producer.commit())).rejects.toMatchObject({ code: 'KAFKA_TRANSACTION_SPOILED' });
    isSilent = false;
    await run(producer.abort());
    for (const value of ['a', 'b']) {
      producer.begin();
      await run(send(value));
      await run(producer.commit());
    }
    expect(transactions.committed.get('t-0')).toEqual(['a', 'b']);
  });

  it('is over when another producer has its transactional id', async () => {
    const { transactions, producer, run, send } = await ground(isV2);
    producer.begin();
    await run(send('a'));
    transactions.epoch++;
    const error = await run(producer.commit()).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'KAFKA_PRODUCER_FENCED', details: { recovery: 'restart' } });
    expect(() => producer.begin()).toThrow(error);
    await expect(send('b')).rejects.toBe(error);
  });

  it('wants an abort after TRANSACTION_ABORTABLE, and fails what waits', async () => {
    const { transactions, producer, run, send } = await ground(isV2);
    producer.begin();
    await run(send('a'));
    transactions.fault = (api) => (api === 'offsets' ? errorCode.TRANSACTION_ABORTABLE : undefined);
    const offsets = [{ topic: 't', partition: 0, offset: 5 }];
    await expect(run(producer.sendOffsets(offsets, group))).rejects.toMatchObject({ details: { recovery: 'abort' } });
    await expect(send('b')).rejects.toMatchObject({ code: 'KAFKA_TRANSACTION_SPOILED' });
    await expect(producer.commit()).rejects.toMatchObject({ code: 'KAFKA_TRANSACTION_SPOILED' });
    await run(producer.abort());
    transactions.fault = () => undefined;
    producer.begin();
    await run(send('c'));
    await run(producer.sendOffsets(offsets, group));
    await run(producer.commit());
    expect(transactions.committed.get('t-0')).toEqual(['c']);
    expect([...transactions.offsets.values()]).toEqual([5]);
  });

  it.each(Array.from({ length: 20 }, (_each, seed) => seed))(
    'commits all or nothing, once and in order, through faults of brokers and coordinator, seed %d',
    async (seed) => {
      const { cluster, logs, transactions, producer, run, send } = await ground(isV2, 3);
      const random = new SeededRandom(seed);
      const weather: CoordinatorFault[] = [
        errorCode.CONCURRENT_TRANSACTIONS,
        errorCode.COORDINATOR_LOAD_IN_PROGRESS,
        errorCode.NOT_COORDINATOR,
        'answer lost',
      ];
      const faults: (CoordinatorFault | undefined)[] = [...weather, ...Array.from({ length: 6 }, () => undefined)];
      transactions.fault = () => faults[Math.floor(random.next() * faults.length)];
      cluster.on(apis.produce, ({ broker, body }) => {
        if (random.next() < 0.7) return undefined;
        if (random.next() < 0.5) return 'close';
        for (const { name, topicId, partitionData } of body.topicData)
          for (const { index, records } of partitionData) logs.produce(broker, name, topicId, index, records!);
        return 'close';
      });
      const expected: string[][] = [[], []];
      for (let round = 0; round < 25; round++) {
        producer.begin();
        const values = Array.from({ length: Math.floor(random.next() * 6) }, (_value, index) => `${round}.${index}`);
        const sends = values.map((value, index) => send(value, index % 2).catch(() => {}));
        await cluster.run(random.next() * 30);
        if (random.next() < 0.2) transactions.coordinator = 1 + Math.floor(random.next() * 3);
        if (random.next() < 0.2) logs.move('t', round % 2, 1 + Math.floor(random.next() * 3));
        if (random.next() < 0.3) await run(producer.abort());
        else {
          await run(producer.commit());
          for (const [index, value] of values.entries()) expected[index % 2]!.push(value);
        }
        await Promise.all(sends);
      }
      expect([0, 1].map((partition) => transactions.committed.get(`t-${partition}`) ?? [])).toEqual(expected);
    },
  );
});
