import { KafkaAdmin } from '../../../engine/kafka/admin.ts';
import type { GroupSettings } from '../../../engine/kafka/group-settings.ts';
import { KafkaProducer } from '../../../engine/kafka/producer.ts';
import { ExactlyOnceWorker } from '../../kit/exactly-once-worker.ts';
import { until } from '../../kit/until.ts';
import type { Load, LoadGround } from './load.ts';
import { readTopic } from './read-topic.ts';

const sourcePartitions = 4;
const targetPartitions = 3;
const workerCount = 2;
const sendIntervalMs = 100;
const burstRecords = 10;
const finishWaitMsMax = 300_000;

/** Records are carried from a topic to another in transactions: readers of committed records see each once. */
export class Copies implements Load {
  readonly name: string;
  readonly #ground: LoadGround;
  readonly #protocol: GroupSettings['groupProtocol'];
  readonly #source: string;
  readonly #target: string;
  readonly #producer: KafkaProducer;
  readonly #workers: ExactlyOnceWorker[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sent = 0;
  #open = 0;

  constructor(ground: LoadGround, protocol: GroupSettings['groupProtocol']) {
    this.#ground = ground;
    this.#protocol = protocol;
    this.name = `copies-${protocol}`;
    this.#source = `chaos-${this.name}-source`;
    this.#target = `chaos-${this.name}-target`;
    this.#producer = new KafkaProducer(ground.connection);
  }

  async start(): Promise<void> {
    const { connection, isEnding } = this.#ground;
    const admin = new KafkaAdmin(connection);
    await admin.createTopic({ name: this.#source, partitions: sourcePartitions });
    await admin.createTopic({ name: this.#target, partitions: targetPartitions });
    await admin.close();
    for (let index = 0; index < workerCount; index++) {
      const worker = new ExactlyOnceWorker(connection, {
        transactionalId: `${this.#source}-${index}`,
        source: this.#source,
        target: this.#target,
        groupProtocol: this.#protocol,
      });
      this.#workers.push(worker);
      await worker.start();
    }
    this.#timer = setInterval(() => {
      if (!isEnding()) this.#send();
    }, sendIntervalMs);
  }

  async finish(): Promise<void> {
    clearInterval(this.#timer);
    await until('every send is settled', () => this.#open === 0, finishWaitMsMax);
    await this.#producer.close();
    const admin = new KafkaAdmin(this.#ground.connection);
    const isCopied = async () => {
      const rows = (await admin.describeGroup(this.#source)).partitions;
      return (
        rows.length === sourcePartitions &&
        rows.every(({ committedOffset, endOffset }) => committedOffset === endOffset)
      );
    };
    try {
      await until(`all of ${this.#source} is carried over`, isCopied, finishWaitMsMax);
    } finally {
      await admin.close();
      for (const worker of this.#workers) await worker.stop();
    }
  }

  async judge(): Promise<string> {
    const { connection, found } = this.#ground;
    const times = new Map<string, number>();
    await readTopic(connection, this.#source, 'read_uncommitted', ({ value }) => times.set(String(value), 0));
    await readTopic(connection, this.#target, 'read_committed', ({ value }) => {
      const id = String(value);
      const before = times.get(id);
      if (before === undefined) found(`in ${this.#target} and not in its source: ${id}`);
      times.set(id, (before ?? 0) + 1);
    });
    for (const [id, count] of times)
      if (count !== 1) found(`${this.#target}: record ${id} stands there ${count} times`);
    return `${times.size} records carried over`;
  }

  #send(): void {
    for (let sent = 0; sent < burstRecords && !this.#producer.ready(); sent++) {
      this.#open++;
      const settle = () => {
        this.#open--;
      };
      this.#producer.deliver(
        { topic: this.#source, value: Buffer.from(`${this.#sent++}`) },
        { sent: settle, failed: settle },
      );
    }
  }
}
