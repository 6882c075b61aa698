import { assert } from '../../base/assert.ts';
import type { Cancel } from '../../base/clock.ts';
import { setIdentity } from '../../records/encode-produced.ts';
import type { KafkaConnection } from '../connection.ts';
import { WireFault } from '../kafka-error.ts';
import type { ProducerSettings } from '../producer-settings.ts';
import type { ClusterClient } from '../wire/cluster-client.ts';
import type { TopicView } from '../wire/topic-view.ts';
import { BatchEncoder } from './batch-encoder.ts';
import { doubtAbout, takeDoubtful } from './doubt.ts';
import type { Batch, Lane, PendingSend, Writer } from './lane.ts';
import { cleared, doubtful, grow, putBack, sequenceAfter, shrink, suspect, takeBatch } from './lane.ts';
import { OpenRequests } from './open-requests.ts';
import type { Outcome } from './outcome.ts';
import { judge } from './outcome.ts';
import type { ProduceGroup } from './produce-request.ts';
import { produceApi, produceBody, produceVersionMax, rowsOf } from './produce-request.ts';
import type { Writers } from './writers.ts';
import { IdempotentWriters, noNumbers } from './writers.ts';

/** What the sender asks of its producer. */
export interface SenderHost {
  sent(send: PendingSend, partition: number, offset: number | undefined): void;
  failed(send: PendingSend, error: Error): void;
  /** Everything that one answer settled has been told. */
  settled(): void;
  /** The topic of a lane, or its leader, is not known. */
  missing(topic: string): void;
  /** A lane that is gone has come to rest. */
  gone(lane: Lane): void;
  /** Nothing can be sent at all, for a reason that time does not heal. */
  broken(fault: WireFault): void;
}

/** Unanswered requests to one broker (Kafka's max.in.flight.requests.per.connection). */
const requestsPerBrokerMax = 5;
/** With acks 0 nothing is sent while the socket holds more than this. */
const socketBytesMax = 4 * 1_048_576;
const socketPauseMs = 5;
/** Time between two warnings of one producer. */
const warnIntervalMs = 5_000;

/**
 * Takes batches from lanes to their leaders: one request per broker and turn, one batch of a partition under way. What an answer
 * means is judged in outcome.ts; this carries it out. A lane with something to send is in `#ready` until it is under way.
 */
export class Sender {
  readonly #connection: KafkaConnection;
  readonly #settings: ProducerSettings;
  readonly #client: ClusterClient;
  readonly #host: SenderHost;
  readonly #encoder: BatchEncoder;
  readonly #writers: Writers;
  readonly #isIdempotent: boolean;
  readonly #ready = new Set<Lane>();
  readonly #underWay = new Map<number, number>();
  readonly #open: OpenRequests;
  #stopTimer: Cancel = () => {};
  #wakeAt = Number.POSITIVE_INFINITY;
  #warnedAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  /** @param transactions the numbers of a transactional producer */
  constructor(
    connection: KafkaConnection,
    settings: ProducerSettings,
    client: ClusterClient,
    host: SenderHost,
    transactions?: Writers,
  ) {
    this.#connection = connection;
    this.#settings = settings;
    this.#client = client;
    this.#host = host;
    this.#encoder = new BatchEncoder(settings.compression, transactions !== undefined);
    this.#isIdempotent = settings.idempotent && settings.acks === 'all';
    this.#writers = transactions ?? (this.#isIdempotent ? this.#idempotent() : noNumbers);
    this.#open = new OpenRequests(connection.host.clock, client.metadata, this.#isIdempotent);
  }

  /** The lane has something to send; call `drain` afterwards. */
  add(lane: Lane): void {
    if (lane.state === 'idle' && !lane.isGone) this.#ready.add(lane);
  }

  /** Lanes whose leader is another now need not wait any longer. */
  unblock(lane: Lane, view: TopicView): void {
    const partition = view.partitions[lane.partition];
    if (!partition || partition.leader < 0) return;
    if (partition.leader !== lane.triedLeader || partition.leaderEpoch !== lane.triedEpoch) lane.blockedUntil = 0;
  }

  /** Sends what can be sent now. */
  drain(): void {
    if (this.#isClosed || this.#ready.size === 0) return;
    const now = this.#connection.host.clock.monotonic();
    const groups = new Map<number, ProduceGroup>();
    for (const lane of this.#ready) {
      if (lane.isGone || (lane.queue.length === 0 && !lane.batch)) {
        this.#ready.delete(lane);
        continue;
      }
      if (lane.blockedUntil > now) {
        this.#wakeLater(lane.blockedUntil, now);
        continue;
      }
      const leader = this.#leaderOf(lane, now);
      if (leader === undefined || !this.#mayAsk(leader, now)) continue;
      if (!this.#prepare(lane)) continue;
      this.#join(groups, leader, lane, now);
    }
    for (const group of groups.values()) this.#send(group);
  }

  close(): void {
    this.#isClosed = true;
    this.#stopTimer();
    this.#open.close();
  }

  /** Call it after each change of the metadata. */
  leadersChanged(): void {
    this.#open.leadersChanged();
  }

  /** The leader to send to; undefined (and the lane waits) while there is none. */
  #leaderOf(lane: Lane, now: number): number | undefined {
    const view = this.#client.metadata.topic(lane.topic);
    const partition = view?.partitions[lane.partition];
    if (!view || !partition) {
      this.#host.missing(lane.topic);
      this.#block(lane, now, this.#connection.backoffMs(1));
      return undefined;
    }
    if (partition.leader < 0) {
      this.#client.metadata.stale(`partition ${lane.topic}-${lane.partition} has no leader`);
      this.#block(lane, now, this.#connection.backoffMs(++lane.failures));
      lane.triedLeader = -1;
      return undefined;
    }
    lane.triedLeader = partition.leader;
    lane.triedEpoch = partition.leaderEpoch;
    return partition.leader;
  }

  #mayAsk(leader: number, now: number): boolean {
    if ((this.#underWay.get(leader) ?? 0) >= requestsPerBrokerMax) return false;
    if (this.#settings.acks !== 0 || this.#client.bufferedBytes(leader) <= socketBytesMax) return true;
    this.#wakeLater(now + socketPauseMs, now);
    return false;
  }

  /** Sees to it that the lane has a batch; false while that takes time. */
  #prepare(lane: Lane): boolean {
    const { id } = this.#client.metadata.topic(lane.topic)!;
    if (lane.batch?.sends.every(({ isSettled }) => isSettled)) this.#abandon(lane);
    if (!lane.batch && lane.doubt && doubtful(lane.doubt, lane.queue) === 0) this.#abandon(lane);
    const writer = this.#writerOf(lane, id);
    if (!writer) return false;
    if (lane.batch) return true;
    const sends = takeBatch(lane, this.#settings.batchRecordsMax).filter((send) => !send.isSettled);
    if (sends.length === 0) return false;
    const identity = identityOf(writer);
    const bytes = this.#encoder.encode(sends, identity);
    if (Buffer.isBuffer(bytes)) {
      lane.batch = { sends, bytes, topicId: id, identity, mayBeWritten: false };
      return true;
    }
    lane.state = 'preparing';
    lane.preparing = sends;
    this.#ready.delete(lane);
    bytes.then(
      (encoded) => {
        lane.batch = { sends, bytes: encoded, topicId: id, identity, mayBeWritten: false };
        this.#rest(lane);
        this.#host.settled();
        this.drain();
      },
      (error) => {
        for (const send of sends) this.#fail(send, error);
        this.#rest(lane);
        this.#host.settled();
      },
    );
    return false;
  }

  /** The numbers that the lane writes under; undefined while a producer id is asked for. */
  #writerOf(lane: Lane, topicId: string): Writer | undefined {
    if (this.#isIdempotent && lane.batch && lane.batch.topicId !== topicId) {
      // Made anew: the new log knows nothing of what was written to the old one.
      lane.batch.topicId = topicId;
      this.#renumber(lane, false);
    }
    const writer = this.#writers.writerOf(lane);
    if (!writer || !this.#isIdempotent) return writer;
    const { batch } = lane;
    if (batch && batch.identity.producerId !== writer.producerId) this.#identify(batch, writer);
    return writer;
  }

  #idempotent(): Writers {
    return new IdempotentWriters(this.#connection, this.#client, {
      known: () => this.drain(),
      warn: (action, fault) => this.#warn(action, fault),
      broken: (fault) => {
        if (!this.#isClosed) this.#host.broken(fault);
      },
    });
  }

  #identify(batch: Batch, writer: Writer): void {
    batch.identity = identityOf(writer);
    // Whatever made new numbers necessary has shown that it is not in this log.
    batch.mayBeWritten = false;
    setIdentity(batch.bytes, batch.identity);
  }

  /** Starts the lane's numbers anew, with a batch that waits for its next try. */
  #renumber(lane: Lane, needsId: boolean, fault?: WireFault): void {
    if (!this.#isIdempotent) return;
    this.#writers.renew(lane, needsId, fault);
    if (lane.writer && lane.batch) this.#identify(lane.batch, lane.writer);
  }

  #join(groups: Map<number, ProduceGroup>, leader: number, lane: Lane, now: number): void {
    let group = groups.get(leader);
    if (group && group.bytes + lane.batch!.bytes.length > this.#settings.requestBytesMax) {
      this.#send(group);
      group = undefined;
      if (!this.#mayAsk(leader, now)) {
        groups.delete(leader);
        return;
      }
    }
    group ??= { leader, lanes: [], bytes: 0 };
    groups.set(leader, group);
    group.lanes.push(lane);
    group.bytes += lane.batch!.bytes.length;
  }

  #send(group: ProduceGroup): void {
    const { acks } = this.#settings;
    const { leader, lanes } = group;
    const timeoutMs = Math.min(this.#connection.settings.requestTimeoutMs ?? 30_000, this.#settings.deliveryWaitMsMax);
    for (const lane of lanes) {
      assert(lane.state === 'idle' && lane.batch, `lane ${lane.topic}-${lane.partition} is sent while ${lane.state}`);
      lane.state = 'sending';
      this.#ready.delete(lane);
    }
    this.#underWay.set(leader, (this.#underWay.get(leader) ?? 0) + 1);
    const { transactionalId, produceVersionMax: versionMax } = this.#writers;
    const body = produceBody(group, acks === 'all' ? -1 : acks, timeoutMs, transactionalId);
    const options = { versionMax: produceVersionMax(group, versionMax) };
    if (acks === 0) {
      this.#client.tell(leader, produceApi, body, options).then(
        () =>
          this.#answered(
            group,
            lanes.map((): Outcome => ({ kind: 'written', baseOffset: undefined })),
          ),
        (error) => this.#unanswered(group, error),
      );
      return;
    }
    const request = this.#open.add(group);
    const { signal } = request.giveUp;
    this.#client.request(leader, produceApi, body, { ...options, signal }).then(
      (answer) => {
        this.#open.remove(request);
        const rows = rowsOf(group, answer, this.#client.metadata);
        this.#answered(
          group,
          rows.map((row, index): Outcome => {
            if (row) return judge(row, lanes[index]!.batch!.sends.length, this.#isIdempotent);
            return {
              kind: 'retry',
              moved: false,
              fault: new WireFault('KAFKA_BAD_ANSWER', 'the answer lacks a partition'),
            };
          }),
        );
      },
      (error) => {
        this.#open.remove(request);
        this.#unanswered(group, error);
      },
    );
  }

  /** No answer: whether anything was written is not known, so the same batches go out again, to whoever leads then. */
  #unanswered(group: ProduceGroup, error: unknown): void {
    const fault =
      error instanceof WireFault ? error : new WireFault('KAFKA_CLIENT_FAILED', String(error), { cause: error });
    const isGivenUp = fault.code === 'KAFKA_ABORTED';
    const mayRetry = (fault.retriable || isGivenUp) && !this.#isClosed;
    // The socket that was given up still stands and may send these bytes later: they must stay what they are.
    for (const { batch } of group.lanes) {
      if (!batch) continue;
      batch.mayBeWritten = true;
      if (isGivenUp) batch.bytes = Buffer.from(batch.bytes);
    }
    this.#answered(
      group,
      group.lanes.map((): Outcome => (mayRetry ? { kind: 'retry', moved: true, fault } : { kind: 'failed', fault })),
    );
  }

  #answered({ leader, lanes }: ProduceGroup, outcomes: readonly Outcome[]): void {
    this.#underWay.set(leader, this.#underWay.get(leader)! - 1);
    for (let index = 0; index < lanes.length; index++) {
      const lane = lanes[index]!;
      this.#carryOut(lane, lane.batch!, outcomes[index]!);
      this.#rest(lane);
    }
    this.#host.settled();
    this.drain();
  }

  /** The lane is free again. */
  #rest(lane: Lane): void {
    lane.state = 'idle';
    lane.preparing = [];
    if (lane.isGone) this.#host.gone(lane);
    else if (lane.batch || lane.queue.length > 0) this.#ready.add(lane);
  }

  #carryOut(lane: Lane, batch: Batch, outcome: Outcome): void {
    switch (outcome.kind) {
      case 'written':
        this.#written(lane, batch, outcome.baseOffset);
        return;
      case 'retry':
        this.#retry(lane, batch, outcome.moved, outcome.fault);
        return;
      case 'renumber':
        if (outcome.isOutOfOrder && lane.doubt) {
          this.#resolveDoubt(lane, outcome.fault);
          return;
        }
        this.#renumber(lane, outcome.needsId, outcome.fault);
        this.#again(lane, outcome.fault);
        return;
      default:
        this.#refused(lane, batch, outcome);
    }
  }

  #written(lane: Lane, batch: Batch, baseOffset: number | undefined): void {
    const { sends, identity } = batch;
    lane.batch = undefined;
    lane.doubt = undefined;
    lane.failures = 0;
    const { writer } = lane;
    if (writer && writer.producerId === identity.producerId && writer.epoch === identity.producerEpoch)
      writer.nextSequence = sequenceAfter(identity.baseSequence, sends.length);
    cleared(lane, sends.length);
    grow(lane, sends, this.#settings.batchBytesMax);
    for (let index = 0; index < sends.length; index++) {
      const send = sends[index]!;
      if (send.isSettled) continue;
      send.isSettled = true;
      this.#host.sent(send, lane.partition, baseOffset === undefined ? undefined : baseOffset + index);
    }
    // With acks 0 the socket may still have it.
    if (this.#settings.acks !== 0) this.#encoder.release(batch.bytes);
  }

  #retry(lane: Lane, batch: Batch, moved: boolean, fault: WireFault): void {
    batch.mayBeWritten = true;
    if (batch.sends.every(({ isSettled }) => isSettled)) {
      this.#abandon(lane);
      this.#again(lane, fault);
      return;
    }
    if (moved) {
      const partition = this.#client.metadata.topic(lane.topic)?.partitions[lane.partition];
      // A hint in the answer names a newer leader: to that one at once.
      const isKnown = partition && partition.leader >= 0 && partition.leaderEpoch > lane.triedEpoch;
      if (isKnown && lane.failures < 2) {
        lane.failures++;
        return;
      }
      this.#client.metadata.stale(fault.message);
    }
    this.#again(lane, fault);
  }

  /** Its records were given up with an unknown outcome: what follows must not look like their continuation (KIP-360). */
  #abandon(lane: Lane): void {
    cleared(lane, lane.batch?.sends.length ?? 0);
    const isOpen = lane.batch?.mayBeWritten === true || lane.doubt !== undefined;
    if (lane.doubt) this.#failDoubtful(lane, lane.lastFault);
    lane.batch = undefined;
    if (isOpen) this.#renumber(lane, false);
  }

  /** The log has other records under the numbers of what is in doubt: it was written, unless two things could be meant. */
  #resolveDoubt(lane: Lane, fault: WireFault): void {
    const { nextSequence, isTwofold } = lane.doubt!;
    if (isTwofold) {
      this.#failDoubtful(lane, fault);
      this.#renumber(lane, false);
      return;
    }
    lane.writer!.nextSequence = nextSequence;
    lane.failures = 0;
    lane.suspects = undefined;
    for (const send of takeDoubtful(lane)) {
      if (send.isSettled) continue;
      send.isSettled = true;
      this.#host.sent(send, lane.partition, undefined);
    }
  }

  /** Nobody can tell any more whether these were written: sent again they could be there twice. */
  #failDoubtful(
    lane: Lane,
    fault = new WireFault('KAFKA_SEND_TIMEOUT', 'it is not known whether it was written'),
  ): void {
    const error = this.#connection.error(fault, `send to ${lane.topic}-${lane.partition}`);
    lane.suspects = undefined;
    for (const send of takeDoubtful(lane)) this.#fail(send, error);
  }

  #again(lane: Lane, fault: WireFault): void {
    const now = this.#connection.host.clock.monotonic();
    this.#warn(`send to ${lane.topic}-${lane.partition}`, fault);
    this.#block(lane, now, this.#connection.backoffMs(++lane.failures));
    lane.lastFault = fault;
  }

  /** Nothing of the batch was written by this try: its numbers are free for what comes next, unless an earlier try is in doubt. */
  #refused(lane: Lane, batch: Batch, outcome: Exclude<Outcome, { kind: 'written' | 'retry' | 'renumber' }>): void {
    const { sends, identity, mayBeWritten } = batch;
    lane.failures = 0;
    this.#encoder.release(batch.bytes);
    const about = `send to ${lane.topic}-${lane.partition}`;
    if (outcome.kind === 'failed') {
      const error = this.#connection.error(outcome.fault, about);
      for (const send of sends) this.#fail(send, error);
      // If an earlier try was written, the next batch under these numbers would be taken for it.
      if (mayBeWritten) this.#abandon(lane);
      else cleared(lane, sends.length);
      lane.batch = undefined;
      return;
    }
    lane.batch = undefined;
    if (outcome.kind === 'split') shrink(lane, sends);
    else if (outcome.kind === 'isolate') suspect(lane, sends.length);
    else for (const [index, fault] of outcome.faults) this.#fail(sends[index]!, this.#connection.error(fault, about));
    const open = putBack(lane, sends);
    if (!mayBeWritten || !this.#isIdempotent) return;
    lane.doubt = doubtAbout(lane.doubt, open, identity.baseSequence, sends.length);
    if (!lane.doubt) this.#renumber(lane, false);
  }

  #fail(send: PendingSend, error: Error): void {
    if (send.isSettled) return;
    send.isSettled = true;
    this.#host.failed(send, error);
  }

  #block(lane: Lane, now: number, pauseMs: number): void {
    lane.blockedUntil = now + pauseMs;
    this.#wakeLater(lane.blockedUntil, now);
  }

  #wakeLater(at: number, now: number): void {
    if (at >= this.#wakeAt) return;
    this.#wakeAt = at;
    this.#stopTimer();
    // A little later than the end of the pause, whose comparison is exact.
    this.#stopTimer = this.#connection.host.clock.after(at - now + 1, () => {
      this.#wakeAt = Number.POSITIVE_INFINITY;
      this.drain();
    });
  }

  #warn(action: string, fault: WireFault): void {
    const { clock, log } = this.#connection.host;
    if (this.#isClosed || clock.monotonic() - this.#warnedAt < warnIntervalMs) return;
    this.#warnedAt = clock.monotonic();
    const { code, message } = this.#connection.error(fault, action);
    log.warn('sending waits, trying again', { code, error: message });
  }
}

function identityOf({ producerId, epoch, nextSequence }: Writer) {
  return { producerId, producerEpoch: epoch, baseSequence: nextSequence };
}
