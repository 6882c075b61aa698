import type { Cancel, Clock } from '../../../engine/base/clock.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import type { ReceivedRecord } from '../../../engine/kafka/received-record.ts';
import type { ShareListener, TakenShareRecord } from '../../../engine/kafka/share-consumer.ts';
import { ShareConsumer } from '../../../engine/kafka/share-consumer.ts';
import type { HandedRecord, RecordSource, SourceListener } from './message-starter.ts';

/** A member of a share group, as far as it is needed. */
export type ShareMembership = Pick<ShareConsumer, 'start' | 'take' | 'close' | 'lockMs'>;

/** Locks are renewed when this part of their time is over: twice, so that one lost renewal does no harm. */
const renewalsPerLock = 3;
/** Before the brokers have told how long a lock lasts. */
const renewalMs = 5_000;

/** Records of a queue: each is ours until its job has ended, however long that takes; one that is to be tried again is given back. */
export class ShareSource implements RecordSource {
  readonly lag = 0;
  readonly #clock: Clock;
  readonly #consumer: ShareMembership;
  readonly #open = new Set<SharedRecord>();
  #isReading = false;
  #isPaused = false;
  #stopRenewing: Cancel = () => {};

  constructor(clock: Clock, listener: SourceListener, create: (listener: ShareListener) => ShareMembership) {
    this.#clock = clock;
    this.#consumer = create({
      readable: () => {
        if (!this.#isPaused) listener.readable();
      },
      failed: (error) => listener.failed(error),
    });
  }

  get isReading(): boolean {
    return this.#isReading;
  }

  async start(): Promise<void> {
    await this.#consumer.start();
    this.#isReading = true;
    this.#planRenewal();
  }

  take(): HandedRecord | undefined {
    const taken = this.#isPaused ? undefined : this.#consumer.take();
    if (!taken) return undefined;
    const shared = new SharedRecord(taken, (ended) => this.#open.delete(ended));
    this.#open.add(shared);
    return shared;
  }

  pause(): void {
    this.#isPaused = true;
  }

  async close(): Promise<void> {
    this.#stopRenewing();
    await this.#consumer.close();
  }

  #planRenewal(): void {
    const { lockMs } = this.#consumer;
    const waitMs = lockMs > 0 ? lockMs / renewalsPerLock : renewalMs;
    this.#stopRenewing = this.#clock.after(waitMs, () => {
      for (const record of this.#open) record.renew();
      this.#planRenewal();
    });
  }
}

class SharedRecord implements HandedRecord {
  readonly record: ReceivedRecord;
  readonly earlierTries: number;
  readonly #taken: TakenShareRecord;
  readonly #ended: (record: SharedRecord) => void;
  /** What came in since the last look is not renewed yet. */
  #isOld = false;

  constructor(taken: TakenShareRecord, ended: (record: SharedRecord) => void) {
    this.record = taken.record;
    this.earlierTries = taken.deliveryCount - 1;
    this.#taken = taken;
    this.#ended = ended;
  }

  settle(): void {
    this.#ended(this);
    this.#taken.acknowledge('accept');
  }

  giveBack(): void {
    this.#ended(this);
    this.#taken.acknowledge('release');
  }

  renew(): void {
    if (this.#isOld) this.#taken.acknowledge('renew');
    this.#isOld = true;
  }
}

/** The source of a ReceiveMessage that reads a queue. */
export function shareSource(
  connection: KafkaConnection,
  settings: ConstructorParameters<typeof ShareConsumer>[1],
  listener: SourceListener,
): ShareSource {
  return new ShareSource(connection.host.clock, listener, (told) => new ShareConsumer(connection, settings, told));
}
