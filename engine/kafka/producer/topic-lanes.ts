import type { Random } from '../../base/random.ts';
import { randomBelow } from '../../base/random.ts';
import type { WireFault } from '../kafka-error.ts';
import { partitionOfKey } from '../murmur2-partition.ts';
import type { TopicView } from '../wire/topic-view.ts';
import type { Lane, PendingSend } from './lane.ts';
import { newLane } from './lane.ts';

/** A topic as its producer sees it: which record goes to which partition. Pure. */
export class TopicLanes {
  readonly name: string;
  readonly lanes = new Map<number, Lane>();
  /** Sends whose partition is not chosen yet. */
  unplaced: PendingSend[] = [];
  /** Monotonic milliseconds since when the topic is missing; undefined while it is there. */
  missingSince: number | undefined;
  /** Was there at least once. */
  wasKnown = false;
  isResolving = false;
  /** Questions about a partition that records ask for and that is not there. */
  growTries = 0;
  /** Why it could not be found at the last try. */
  lastFault: WireFault | undefined;
  readonly #random: Random;
  readonly #bytesMax: number;
  /** Records without a key stay with one partition for a batch, as in Kafka (KIP-480); -1 before the first. */
  #sticky = -1;
  /** Lanes that are gone and still wait for an answer. What is sent now must not overtake their records. */
  readonly #leaving = new Set<Lane>();

  constructor(name: string, random: Random, bytesMax: number) {
    this.name = name;
    this.#random = random;
    this.#bytesMax = bytesMax;
  }

  /**
   * Gives every unplaced record its partition. Calls `placed` for each lane that got some and `refused` for each record that asks
   * for a partition which is not there. Records whose own partition may just have been made stay, when `mayGrow` says so.
   */
  place(
    view: TopicView,
    placed: (lane: Lane) => void,
    refused: (send: PendingSend) => void,
    mayGrow: (send: PendingSend) => boolean,
  ): void {
    const sends = this.unplaced;
    if (sends.length === 0 || this.#leaving.size > 0) return;
    this.unplaced = [];
    const count = view.partitions.length;
    this.#turn(count);
    for (const send of sends) {
      if (send.isSettled) continue;
      const partition = this.#partitionOf(send, count);
      if (partition === undefined) {
        if (mayGrow(send)) this.unplaced.push(send);
        else refused(send);
        continue;
      }
      const lane = this.#lane(partition);
      if (lane.queue.length === 0) placed(lane);
      lane.queue.push(send);
    }
  }

  /**
   * The topic has fewer partitions than before (it was made anew): what is not written and not under way is placed again, in its
   * order. Gives the lanes that are gone.
   */
  shrinkTo(count: number): Lane[] {
    const gone = [...this.lanes.values()].filter(({ partition }) => partition >= count);
    for (const lane of gone) {
      lane.isGone = true;
      this.lanes.delete(lane.partition);
      if (lane.state === 'idle') this.reclaim(lane);
      else this.#leaving.add(lane);
    }
    return gone;
  }

  /** Whether records wait for the answers of lanes that are gone. */
  get isHeldUp(): boolean {
    return this.#leaving.size > 0;
  }

  /** Everything that is accepted and not in `unplaced`: in queues, under way or being compressed, of lanes that are gone too. */
  get allLanes(): readonly Lane[] {
    return [...this.lanes.values(), ...this.#leaving];
  }

  /** Takes what a lane that is gone still holds back into the unplaced ones. */
  reclaim(lane: Lane): void {
    this.#leaving.delete(lane);
    const sends = [...(lane.batch?.sends ?? []), ...lane.queue].filter((send) => !send.isSettled);
    lane.batch = undefined;
    lane.queue = [];
    this.unplaced = sends.concat(this.unplaced);
  }

  /** The next partition in turn from a random start: even over time, and two engines do not march in step. */
  #turn(count: number): void {
    if (count === 1) this.#sticky = 0;
    else this.#sticky = this.#sticky < 0 ? randomBelow(this.#random, count) : (this.#sticky + 1) % count;
  }

  #partitionOf({ partition, key }: PendingSend, count: number): number | undefined {
    if (partition !== undefined) return partition >= 0 && partition < count ? partition : undefined;
    return key ? partitionOfKey(key, count) : this.#sticky;
  }

  #lane(partition: number): Lane {
    let lane = this.lanes.get(partition);
    if (!lane) {
      lane = newLane(this.name, partition, this.#bytesMax);
      this.lanes.set(partition, lane);
    }
    return lane;
  }
}
