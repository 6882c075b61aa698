import type { Cancel } from '../base/clock.ts';
import type { MillraceError } from '../base/errors.ts';
import { settledWithin } from '../base/settled-within.ts';
import { clientApis } from '../protocol/client-apis.ts';
import type { KafkaConnection } from './connection.ts';
import { closed } from './consumer/while-it-helps.ts';
import { WireFault } from './kafka-error.ts';
import type { ReceivedRecord } from './received-record.ts';
import type { Acknowledgement } from './share/acknowledgements.ts';
import { ShareFetcher } from './share/share-fetcher.ts';
import { ShareMember } from './share/share-member.ts';
import type { SharePartition } from './share/share-partition.ts';
import type { ShareSettings } from './share/share-settings.ts';
import { shareDefaults } from './share/share-settings.ts';
import { ClusterClient } from './wire/cluster-client.ts';

export type { Acknowledgement } from './share/acknowledgements.ts';
export type { ShareSettings } from './share/share-settings.ts';

/** A record of a share group, ours until its lock is over. */
export interface TakenShareRecord {
  readonly record: ReceivedRecord;
  /** 1 when nobody had it before. */
  readonly deliveryCount: number;
  /** Only with `acknowledgement: 'explicit'`. The last call before it is told counts; `renew` begins its lock anew. */
  acknowledge(outcome: Acknowledgement): void;
}

/** What a share consumer tells its owner. */
export interface ShareListener {
  /** `take` may return something now. */
  readable(): void;
  /** A leader did not take what was acknowledged of a partition: records of it are handed out again, to us or to others. */
  unacknowledged?(topic: string, partition: number, error: MillraceError): void;
  trouble?(error: MillraceError): void;
  /** The consumer is dead: a refusal that no retry mends, or a bug. Without a listener it is thrown where nobody catches it. */
  failed?(error: unknown): void;
}

const leaveWaitMsMax = 5_000;

/**
 * A member of a share group (KIP-932): a queue over topics. Each record is handed to one member at a time, whatever its partition,
 * until it is accepted or rejected; what is released, or not acknowledged while its lock lasts, is handed out again.
 */
export class ShareConsumer {
  readonly settings: ShareSettings;
  readonly #connection: KafkaConnection;
  readonly #listener: ShareListener;
  readonly #client: ClusterClient;
  readonly #member: ShareMember;
  readonly #fetcher: ShareFetcher;
  /** With implicit acknowledgement: what was handed out and is accepted by the next call. */
  #inHand: (() => void)[] = [];
  #next = 0;
  #isClosed = false;
  #stopWaiting: Cancel = () => {};
  #starting: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined;

  constructor(
    connection: KafkaConnection,
    settings: Partial<ShareSettings> & Pick<ShareSettings, 'groupId' | 'topics'>,
    listener: ShareListener,
  ) {
    this.settings = { ...shareDefaults, ...settings };
    this.#connection = connection;
    this.#listener = listener;
    this.#client = new ClusterClient(connection);
    const trouble = (thrown: unknown, action: string) => {
      if (!this.#isClosed) listener.trouble?.(connection.error(thrown, action));
    };
    this.#member = new ShareMember(connection, this.#client, this.settings, {
      assigned: (partitions) => {
        this.#fetcher.assign(partitions);
        if (partitions.length > 0) this.#starting?.resolve();
      },
      trouble,
      failed: (error) => this.#fail(error),
    });
    this.#fetcher = new ShareFetcher(connection, this.#client, this.settings, this.#member.memberId, {
      readable: () => {
        if (!this.#isClosed) listener.readable();
      },
      unacknowledged: (topic, partition, error) => listener.unacknowledged?.(topic, partition, error),
      trouble,
      failed: (error) => this.#fail(error),
    });
  }

  /**
   * Joins the group. Resolves when it is known what to read, or after `startWaitMsMax`; it then goes on by itself. Rejects with KAFKA_UNSUPPORTED_VERSION when the cluster serves no share
   * groups, KAFKA_CONNECT_FAILED, ...
   */
  async start(): Promise<void> {
    const action = `join share group "${this.settings.groupId}"`;
    try {
      if (!(await this.#client.served.has(clientApis.shareFetch)))
        throw new WireFault('KAFKA_UNSUPPORTED_VERSION', 'this cluster does not serve share groups');
      const started = new Promise<void>((resolve, reject) => {
        this.#starting = { resolve, reject };
        this.#stopWaiting = this.#connection.host.clock.after(this.settings.startWaitMsMax, resolve);
      });
      this.#member.start();
      await started;
    } catch (error) {
      await this.close();
      throw this.#connection.error(error, action);
    } finally {
      this.#stopWaiting();
      this.#starting = undefined;
    }
  }

  /** The next record, partition by partition in turn; undefined when there is none now. */
  take(): TakenShareRecord | undefined {
    this.#acceptInHand();
    if (this.#isClosed) return undefined;
    const partitions = this.#fetcher.partitions;
    for (let tried = 0; tried < partitions.length; tried++) {
      const place = (this.#next + tried) % partitions.length;
      const partition = partitions[place]!;
      const acquired = partition.take();
      if (!acquired) continue;
      this.#next = (place + 1) % partitions.length;
      this.#fetcher.taken();
      return this.#handOut(partition, acquired.record, acquired.deliveryCount);
    }
    return undefined;
  }

  /** Milliseconds for which a record is ours, as brokers have told last; 0 before that. */
  get lockMs(): number {
    return this.#fetcher.lockMs;
  }

  /** Resolves when leaders have been told of everything acknowledged so far (implicitly: handed out). */
  async flush(): Promise<void> {
    this.#acceptInHand();
    await this.#fetcher.flushed();
  }

  /** Tells what is acknowledged, hands the rest to others, leaves the group and closes the sockets; bounded by a few seconds. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#acceptInHand();
    this.#isClosed = true;
    this.#starting?.reject(closed(this.#connection, `join share group "${this.settings.groupId}"`));
    const leave = async () => {
      await this.#fetcher.close();
      await this.#member.close();
    };
    await settledWithin(this.#connection.host.clock, leaveWaitMsMax, leave());
    await this.#client.close();
  }

  #handOut(partition: SharePartition, record: ReceivedRecord, deliveryCount: number): TakenShareRecord {
    const acknowledge = (outcome: Acknowledgement) => this.#fetcher.acknowledge(partition, record.offset, outcome);
    if (this.settings.acknowledgement === 'explicit') return { record, deliveryCount, acknowledge };
    this.#inHand.push(() => acknowledge('accept'));
    return { record, deliveryCount, acknowledge: () => {} };
  }

  #acceptInHand(): void {
    if (this.#inHand.length === 0) return;
    for (const accept of this.#inHand) accept();
    this.#inHand = [];
  }

  #fail(error: unknown): void {
    if (this.#isClosed) return;
    if (this.#starting) {
      this.#starting.reject(error);
      return;
    }
    void this.close();
    if (this.#listener.failed) this.#listener.failed(error);
    else
      this.#connection.host.clock.soon(() => {
        throw error;
      });
  }
}
