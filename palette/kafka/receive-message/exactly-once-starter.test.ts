import { describe, expect, it } from 'vitest';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import { InOrderCommits } from '../../../engine/kafka/in-order-commits.ts';
import { KafkaError } from '../../../engine/kafka/kafka-error.ts';
import type { OutgoingRecord, SendListener } from '../../../engine/kafka/producer-settings.ts';
import type { JobError, StarterEvent } from '../../../engine/spi/runtime.ts';
import { testConfig, testRuntimeHost } from '../../../test/kit/runtime-host.ts';
import type { RecordTransaction } from '../record-transaction.ts';
import declaration from './activity.ts';
import { ExactlyOnceStarter } from './exactly-once-starter.ts';
import type { SourceListener } from './message-starter.ts';
import type { ReceivedMessage } from './received-message.ts';
import type { Transactions } from './transaction-line.ts';
import { TransactionLine } from './transaction-line.ts';

/** One partition of a topic, the group's offset in it, and the topic that jobs send to, as readers of committed records see it. */
class World {
  readonly host = testRuntimeHost();
  readonly committedValues: string[] = [];
  readonly failures: Error[] = [];
  readonly producers: FakeProducer[] = [];
  committedOffset = 0;
  position = 0;
  isMember = true;
  isPaused = false;
  commits = new InOrderCommits(0, 0);
  /** Decides about each job; the job sends its offset first. */
  judge: (offset: number) => JobError | undefined = () => undefined;
  readonly jobs: number[] = [];
  readonly held: (() => void)[] = [];
  isHolding = false;
  listener!: SourceListener;
  readonly starter: ExactlyOnceStarter;
  readonly connection = { target: 'test' } as KafkaConnection;

  constructor(count: number, raw: Record<string, string | number> = {}) {
    const config = testConfig(declaration, {
      ...{ connection: 'c', topics: 't', groupId: 'g', delivery: 'exactly-once', ...raw },
    });
    const source = {
      lag: 0,
      isReading: true,
      start: async () => {},
      pause: () => {
        this.isPaused = true;
      },
      close: async () => {},
      take: () => {
        if (this.isPaused || this.position >= count) return undefined;
        const offset = this.position++;
        const ticket = this.commits.take(offset);
        const { commits } = this;
        const record = { topic: 't', partition: 0, offset, timestampMs: 5, key: null, headers: [] };
        return {
          record: {
            ...({ ...record, value: Buffer.from(`${offset}`), timestampType: 'create', sizeBytes: 10 } as const),
          },
          settle: () => commits.settle(ticket),
        };
      },
      offsetsToCommit: () => [
        { topic: 't', partition: 0, offset: this.commits.position, leaderEpoch: -1, metadata: null } as never,
      ],
      committed: ([first]: readonly { offset: number }[]) => {
        this.committedOffset = first!.offset;
      },
      rewind: () => {
        this.position = this.committedOffset;
        this.commits = new InOrderCommits(this.committedOffset, this.committedOffset);
      },
    };
    Object.defineProperty(source, 'group', { get: () => (this.isMember ? {} : undefined) });
    const create = (): Transactions => {
      const producer = new FakeProducer(this);
      this.producers.push(producer);
      return producer as unknown as Transactions;
    };
    const transactionTimeoutMs = 30_000;
    this.starter = new ExactlyOnceStarter(config, this.host, {
      connection: this.connection,
      createSource: (listener) => {
        this.listener = listener;
        return source as never;
      },
      line: new TransactionLine({
        create,
        clock: this.host.clock,
        isNamed: raw.transactionalId !== undefined,
        transactionTimeoutMs,
      }),
      deadLetters: { prepare: async ({ topic }) => `${topic}.dead-letter`, close: async () => {} },
    });
  }

  async run(): Promise<void> {
    void this.starter.start({
      emit: (event) => {
        this.#job(event);
        return true;
      },
      onReady: () => {},
      finished: () => {},
      failed: (error) => this.failures.push(error),
    });
    await this.settle();
    this.listener.readable();
    await this.settle();
  }

  /** Lets everything go on that can, with its pauses. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 200; turn++) {
      await Promise.resolve();
      this.host.clock.advance(turn % 10 === 9 ? 1_000 : 0);
    }
  }

  #job(event: StarterEvent): void {
    const { offset } = event.output as ReceivedMessage;
    this.jobs.push(offset);
    const end = () => {
      const error = this.judge(offset);
      event.settle(error ? { ok: false, error } : { ok: true });
    };
    const record = { topic: 'out', value: Buffer.from(`${offset}`) };
    const listener = { sent: () => (this.isHolding ? this.held.push(end) : end()), failed: end };
    (event.transaction as RecordTransaction).deliver(record, listener);
  }
}

class FakeProducer {
  phase: Transactions['phase'] = 'new';
  /** Why the next commit fails. */
  commitFault: KafkaError | undefined;
  /** Values that cannot be sent. */
  refused = new Set<string>();
  isClosed = false;
  #sent: string[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async init() {
    this.phase = 'ready';
  }
  begin() {
    expect(this.phase).toBe('ready');
    this.phase = 'open';
    this.#sent = [];
  }
  ready() {
    return undefined;
  }
  deliver({ topic, value, headers }: OutgoingRecord, listener: SendListener) {
    if (this.phase !== 'open') throw new KafkaError('KAFKA_TRANSACTION_SPOILED', 'spoiled');
    const named =
      topic === 'out'
        ? String(value)
        : `${topic} ${value} ${headers?.map(({ key }) => key).includes('__millrace.errors.code')}`;
    if (this.refused.has(named)) {
      this.phase = 'spoiled';
      listener.failed(new KafkaError('KAFKA_MESSAGE_TOO_LARGE', 'too large'));
      return;
    }
    this.#sent.push(named);
    listener.sent(0, this.#sent.length);
  }
  async sendOffsets() {}
  async commit() {
    if (this.commitFault) {
      const fault = this.commitFault;
      this.commitFault = undefined;
      this.phase = fault.code === 'KAFKA_PRODUCER_FENCED' ? 'over' : 'spoiled';
      throw fault;
    }
    this.phase = 'ready';
    this.#world.committedValues.push(...this.#sent);
  }
  async abort() {
    this.phase = 'ready';
  }
  async close() {
    this.isClosed = true;
  }
}

const failed = (retriable: boolean): JobError => ({ code: 'BAD', message: 'bad', activity: 'map', retriable });

describe('ReceiveMessage, exactly once', () => {
  it('commits what jobs sent and the offsets of their records together, many jobs in a transaction', async () => {
    const world = new World(5);
    await world.run();
    expect([world.committedValues, world.committedOffset]).toEqual([['0', '1', '2', '3', '4'], 5]);
    expect(world.host.values.get('transactions_committed_total')).toBe(1);
    await world.starter.stop();
  });

  it('ends a transaction at its limit of records', async () => {
    const world = new World(5, { transactionRecordsMax: 2 });
    await world.run();
    expect([world.committedValues.length, world.host.values.get('transactions_committed_total')]).toEqual([5, 3]);
  });

  it('hands over nothing new behind the limit of time, and commits when the jobs in it have ended', async () => {
    const world = new World(2, { transactionRecordsMax: 100 });
    world.isHolding = true;
    await world.run();
    expect([world.jobs, world.committedValues]).toEqual([[0, 1], []]);
    for (const end of world.held) end();
    await world.settle();
    expect([world.committedValues, world.committedOffset]).toEqual([['0', '1'], 2]);
  });

  it('gives up all of a transaction in which a job failed, and puts the record aside when it is made again', async () => {
    const world = new World(3);
    world.judge = (offset) => (offset === 1 ? failed(false) : undefined);
    await world.run();
    expect(world.committedValues).toEqual(['0', 't.dead-letter 1 true', '2']);
    expect([world.jobs, world.committedOffset]).toEqual([[0, 1, 0, 2], 3]);
    expect(world.host.values.get('records_dead_lettered_total')).toBe(1);
  });

  it('tries again first what may go well another time', async () => {
    const world = new World(2);
    let tries = 0;
    world.judge = (offset) => (offset === 1 && ++tries < 3 ? failed(true) : undefined);
    await world.run();
    expect([world.committedValues, tries]).toEqual([['0', '1'], 3]);
  });

  it('blames the job whose record the cluster does not take, though an error transition took that', async () => {
    const world = new World(3);
    await world.starter.start({ emit: () => true, onReady: () => {}, finished: () => {}, failed: () => {} });
    world.producers[0]!.refused.add('1');
    await world.run();
    expect(world.committedValues).toEqual(['0', 't.dead-letter 1 true', '2']);
  });

  it('reads again what was in a transaction that could not be committed', async () => {
    const world = new World(2);
    await world.starter.start({ emit: () => true, onReady: () => {}, finished: () => {}, failed: () => {} });
    world.producers[0]!.commitFault = new KafkaError('KAFKA_ILLEGAL_GENERATION', 'the group moved on');
    await world.run();
    expect([world.jobs, world.committedValues]).toEqual([
      [0, 1, 0, 1],
      ['0', '1'],
    ]);
  });

  it('goes on under a new producer when it was fenced by a time-out, and fails where another instance has its name', async () => {
    const fenced = new KafkaError('KAFKA_PRODUCER_FENCED', 'another producer', { details: { recovery: 'restart' } });
    for (const raw of [{}, { transactionalId: 'mine' }]) {
      const world = new World(2, raw);
      await world.starter.start({ emit: () => true, onReady: () => {}, finished: () => {}, failed: () => {} });
      world.producers[0]!.commitFault = fenced;
      await world.run();
      if ('transactionalId' in raw) expect([world.failures, world.committedValues]).toEqual([[fenced], []]);
      else expect([world.producers.length, world.committedValues]).toEqual([2, ['0', '1']]);
    }
  });

  it('finishes what is under way before its partitions are given up, and before it stops', async () => {
    const world = new World(2);
    world.isHolding = true;
    await world.run();
    let isRevoked = false;
    const revoked = world.listener.revoked!().then(() => {
      isRevoked = true;
    });
    await world.settle();
    expect([isRevoked, world.committedOffset]).toEqual([false, 0]);
    for (const end of world.held) end();
    await revoked;
    expect(world.committedOffset).toBe(2);
    await world.starter.stop();
    expect(world.producers[0]!.isClosed).toBe(true);
  });

  it('stops the process, and commits nothing of it, when it was told to stop at a failure', async () => {
    const world = new World(2, { onFailure: 'retry', retries: 0 });
    world.judge = (offset) => (offset === 1 ? failed(true) : undefined);
    await world.run();
    expect(world.failures.map(({ message }) => message)).toEqual([
      'record t-0@1 failed: bad; its offset is not committed',
    ]);
    expect(world.committedValues).toEqual([]);
  });
});
