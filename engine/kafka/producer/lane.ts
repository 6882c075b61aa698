import type { BatchIdentity, ProducedRecord } from '../../records/encode-produced.ts';
import type { WireFault } from '../kafka-error.ts';
import type { SendListener } from '../producer-settings.ts';

/** A record that was accepted and is not settled. Flat, since there are very many of them. */
export interface PendingSend extends ProducedRecord {
  /** The partition that the caller asked for. */
  readonly partition: number | undefined;
  /** What it counts for against the bounds. */
  readonly sizeBytes: number;
  /** Monotonic milliseconds of the call of `deliver`: the delivery time runs from there. */
  readonly acceptedAt: number;
  readonly listener: SendListener;
  /** Its listener was told. It may still stand in a batch that is under way. */
  isSettled: boolean;
}

/** Records of one partition that travel together, encoded. */
export interface Batch {
  readonly sends: readonly PendingSend[];
  /** The encoded batch; its memory goes back to the pool when the broker has answered. */
  bytes: Buffer;
  /** Id of the topic that it was numbered for. */
  topicId: string;
  identity: BatchIdentity;
  /** A try of it has no certain outcome. */
  mayBeWritten: boolean;
}

/** The numbers under which a lane writes. Each partition has its own epoch: brokers compare them per partition only. */
export interface Writer {
  readonly producerId: number;
  readonly epoch: number;
  nextSequence: number;
}

/**
 * A batch whose answer was lost was refused when it was sent again: too large by now, say, for a limit that was lowered. Its first
 * try may have been written all the same. Its records are sent again in smaller batches that begin with the same number: a broker
 * that has the whole batch answers OUT_OF_ORDER_SEQUENCE_NUMBER to the first of them, one that has not writes it.
 */
export interface Doubt {
  /** Records of the batch that are to be sent again. */
  readonly sends: ReadonlySet<PendingSend>;
  /** The sequence that follows the batch, if it was written. */
  readonly nextSequence: number;
  /** A part of it was refused too after its answer was lost: what is out of order then says nothing. */
  readonly isTwofold: boolean;
}

/** One partition's queue. At most one request of it is under way, so that a retry cannot change the order. */
export interface Lane {
  readonly topic: string;
  readonly partition: number;
  queue: PendingSend[];
  /** Encoded and not settled: under way, or to be sent (again) before the queue. */
  batch: Batch | undefined;
  /** Records of a batch that is being compressed. */
  preparing: readonly PendingSend[];
  state: 'idle' | 'preparing' | 'sending';
  writer: Writer | undefined;
  /** Monotonic milliseconds before which it is not sent. */
  blockedUntil: number;
  /** Failed tries of its batch in a row. */
  failures: number;
  /** Why the last try failed. */
  lastFault: WireFault | undefined;
  /** Whom it was last sent to: a newer leader ends the blocking. */
  triedLeader: number;
  triedEpoch: number;
  /** Batches are closed at this size: the settings' own, or less once the broker has called one too large. */
  bytesMax: number;
  /** One of the next `left` records was refused and it is not known which: batches of at most `size` find it. */
  suspects: { size: number; left: number } | undefined;
  /** What was refused but may be written. */
  doubt: Doubt | undefined;
  /** The partition is gone: whatever is not written goes elsewhere. */
  isGone: boolean;
}

const sequenceMax = 0x7fffffff;
/** A limit that was lowered is raised by this part with each batch: twofold in about 90 batches. */
const growthParts = 128;
/** Kafka gives up a producer epoch before the last one of an int16. */
const epochMax = 32_766;

export function newLane(topic: string, partition: number, bytesMax: number): Lane {
  return {
    topic,
    partition,
    queue: [],
    batch: undefined,
    preparing: [],
    state: 'idle',
    writer: undefined,
    blockedUntil: 0,
    failures: 0,
    lastFault: undefined,
    triedLeader: -1,
    triedEpoch: -1,
    bytesMax,
    suspects: undefined,
    doubt: undefined,
    isGone: false,
  };
}

/** Drops whatever a lane at rest holds, for the end of a transaction; true when some of it may be written all the same. */
export function emptied(lane: Lane): boolean {
  const isOpen = lane.batch?.mayBeWritten === true || lane.doubt !== undefined;
  lane.queue = [];
  lane.batch = undefined;
  lane.doubt = undefined;
  lane.suspects = undefined;
  lane.failures = 0;
  lane.blockedUntil = 0;
  return isOpen;
}

/** How many records at the front of the queue are of the batch in doubt: others must not travel with them. */
export function doubtful({ sends }: Doubt, queue: readonly PendingSend[]): number {
  let count = 0;
  while (count < queue.length && sends.has(queue[count]!)) count++;
  return count;
}

/** Takes the records of the next batch from the front of the queue: as many as the limits allow, at least one. */
export function takeBatch(lane: Lane, recordsMax: number): PendingSend[] {
  const { queue, bytesMax } = lane;
  const openMax = lane.doubt ? doubtful(lane.doubt, queue) : queue.length;
  const countMax = Math.min(openMax, lane.suspects?.size ?? recordsMax);
  let count = 0;
  let bytes = 0;
  while (count < countMax) {
    bytes += queue[count]!.sizeBytes;
    if (count > 0 && bytes > bytesMax) break;
    count++;
  }
  if (count === queue.length) {
    lane.queue = [];
    return queue;
  }
  return queue.splice(0, count);
}

/** Puts records that were not written back to the front of the queue, without those that are settled; gives those put back. */
export function putBack(lane: Lane, sends: readonly PendingSend[]): readonly PendingSend[] {
  const open = sends.filter((send) => !send.isSettled);
  lane.queue = open.concat(lane.queue);
  return open;
}

/** A batch was too large for the topic (KIP-126): the next ones are at most half of it. Its records are at the front again. */
export function shrink(lane: Lane, sends: readonly PendingSend[]): void {
  let bytes = 0;
  for (const { sizeBytes } of sends) bytes += sizeBytes;
  lane.bytesMax = Math.max(1, Math.floor(Math.min(bytes, lane.bytesMax) / 2));
}

/** A full batch was taken: a limit that the topic once had may be gone. One refusal in about a hundred batches is the price. */
export function grow(lane: Lane, sends: readonly PendingSend[], bytesMax: number): void {
  if (lane.bytesMax >= bytesMax || sends.length === 1) return;
  lane.bytesMax = Math.min(bytesMax, lane.bytesMax + Math.ceil(lane.bytesMax / growthParts));
}

/** One of these records was refused, and the broker does not say which: halves find it. */
export function suspect(lane: Lane, count: number): void {
  const size = Math.max(1, Math.ceil(count / 2));
  lane.suspects = { size, left: Math.max(count, lane.suspects?.left ?? 0) };
}

/** Records at the front were settled: suspects among them are no more. */
export function cleared(lane: Lane, count: number): void {
  if (!lane.suspects) return;
  lane.suspects.left -= count;
  if (lane.suspects.left <= 0) lane.suspects = undefined;
}

/** The sequence after `count` records from `base`, around the end of an int32. */
export function sequenceAfter(base: number, count: number): number {
  const next = base + count;
  return next > sequenceMax ? next - sequenceMax - 1 : next;
}

/**
 * Starts anew at sequence 0 under the next epoch (KIP-360): after an outcome that will never be known, or a broker that lost
 * count. Undefined when the epochs are used up and a new producer id is needed.
 */
export function bumped({ producerId, epoch }: Writer): Writer | undefined {
  return epoch >= epochMax ? undefined : { producerId, epoch: epoch + 1, nextSequence: 0 };
}
