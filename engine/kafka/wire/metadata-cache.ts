import type { Cancel, Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Random } from '../../base/random.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { MetadataResponse } from '../../protocol/schemas/03-metadata.ts';
import type { KafkaError } from '../kafka-error.ts';
import { protocolFault } from '../kafka-error.ts';
import type { ServerAddress } from '../server-address.ts';
import { MetadataImage } from './metadata-image.ts';
import type { TopicView } from './topic-view.ts';

/** What the cache needs. */
export interface MetadataSettings {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Age at which what is known is asked for anew (Kafka's metadata.max.age.ms). */
  readonly maxAgeMs: number;
  /**
   * Asks any broker; null means only about brokers. Rejects when none answered. `elsewhere`: not the one that answered last, if
   * another can be had, since that one had nothing new where something should be.
   */
  readonly ask: (topics: readonly string[] | null, elsewhere: boolean) => Promise<MetadataResponse>;
  /** The cluster says that what we know of it is too old (KIP-1102). */
  readonly onRebootstrap: () => void;
}

/** A topic that nobody asked for in this time is no longer asked about (Kafka's metadata.max.idle.ms). */
const idleMsMax = 300_000;
/** Pauses between answers that told nothing new: short at first, since an election takes a few hundred milliseconds. */
const firstPauseMs = 100;
const pauseMsMax = 1_000;
const quickPauseMsMax = 250;
const quickPauses = 12;
const pauseGrowth = 1.5;
/**
 * For this long after somebody said that it is stale it is asked for again and again: whoever said so tries again only later, and
 * an election ends in between.
 */
const followMs = 1_200;
/** Longer than any retry waits before it says again that it is stale. */
const quietMs = 3_000;

interface Want {
  readonly names: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What is known of topics, leaders and brokers, and when to ask again: one request under way at a time, for all who wait. */
export class MetadataCache {
  readonly #settings: MetadataSettings;
  readonly #image = new MetadataImage();
  readonly #usedAt = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  #wants: Want[] = [];
  #isAsking = false;
  #isStale = false;
  /** When somebody said so for the last time. */
  #staleAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;
  /** Answers in a row that were asked for as stale and told nothing new. */
  #pauses = 0;
  #pauseUntil = Number.NEGATIVE_INFINITY;
  #stopTimer: Cancel = () => {};
  /** Undefined until the first question. */
  #stopAging: Cancel | undefined;

  constructor(settings: MetadataSettings) {
    this.#settings = settings;
  }

  get brokers(): ReadonlyMap<number, ServerAddress> {
    return this.#image.brokers;
  }

  /** Broker id, -1 when none is known. */
  get controllerId(): number {
    return this.#image.controllerId;
  }

  get clusterId(): string | null {
    return this.#image.clusterId;
  }

  /** What is known now, without asking. */
  topic(name: string): TopicView | undefined {
    return this.#image.topics.get(name)?.view;
  }

  /** Monotonic milliseconds of what is known of a topic; -Infinity when nothing is. */
  learnedAt(name: string): number {
    return this.#image.topics.get(name)?.learnedAt ?? Number.NEGATIVE_INFINITY;
  }

  /**
   * What the cluster says about topics, not older than `maxAgeMs` (default: the connection's metadata age); `fresh` asks in any
   * case. A topic's error is its own entry: KAFKA_UNKNOWN_TOPIC, KAFKA_TOPIC_AUTHORIZATION_FAILED, ... Rejects only when no
   * broker answered. No names: brokers only.
   */
  async require(
    names: readonly string[],
    {
      maxAgeMs = this.#settings.maxAgeMs,
      fresh = false,
    }: { readonly maxAgeMs?: number; readonly fresh?: boolean } = {},
  ): Promise<Map<string, TopicView | KafkaError>> {
    const now = this.#settings.clock.monotonic();
    for (const name of names) this.#usedAt.set(name, now);
    const isKnown = (name: string) => {
      const known = this.#image.topics.get(name);
      return known?.view !== undefined && now - known.learnedAt <= maxAgeMs;
    };
    const missing = fresh ? names : names.filter((name) => !isKnown(name));
    if (missing.length > 0 || fresh) await this.#want(missing);
    const found = new Map<string, TopicView | KafkaError>();
    for (const name of names) {
      const known = this.#image.topics.get(name);
      found.set(name, known?.view ?? known?.fault ?? protocolFault(errorCode.UNKNOWN_TOPIC_OR_PARTITION));
    }
    return found;
  }

  /** A hint of a broker (KIP-951): who leads a partition now and where it listens. Older epochs change nothing. */
  noteLeader(
    topic: string,
    partition: number,
    leader: number,
    leaderEpoch: number,
    endpoint?: { readonly nodeId: number; readonly host: string; readonly port: number },
  ): void {
    if (endpoint) this.noteBroker(endpoint.nodeId, endpoint);
    if (this.#image.noteLeader(topic, partition, leader, leaderEpoch)) this.#tell();
  }

  /** Where a broker listens, as a coordinator's answer or a hint says. */
  noteBroker(nodeId: number, { host, port }: ServerAddress): void {
    this.#image.noteBroker(nodeId, { host, port });
  }

  /** What is known may be wrong: asks again soon, from any broker; calls are joined, with back-off and jitter. */
  stale(reason: string): void {
    if (this.#isClosed) return;
    if (!this.#isStale) this.#settings.log.debug('metadata may be wrong, asking anew', { reason });
    const now = this.#settings.clock.monotonic();
    // Quiet for a while: this is a new incident, which is looked into as quickly as the first.
    if (now - this.#staleAt > quietMs) this.#pauses = 0;
    this.#isStale = true;
    this.#staleAt = now;
    this.#pump();
  }

  /** Told after each change of a topic or of the brokers. */
  onChange(listener: () => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(error: KafkaError): void {
    this.#isClosed = true;
    this.#stopTimer();
    this.#stopAging?.();
    for (const { reject } of this.#wants.splice(0)) reject(error);
  }

  #want(names: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#wants.push({ names, resolve, reject });
      this.#pump();
    });
  }

  /** Wants go out at once; what is only stale waits for its pause. */
  #pump(): void {
    if (this.#isAsking || this.#isClosed) return;
    if (this.#wants.length > 0) {
      void this.#ask();
      return;
    }
    if (!this.#isStale) return;
    const waitMs = this.#pauseUntil - this.#settings.clock.monotonic();
    this.#stopTimer();
    if (waitMs <= 0) void this.#ask();
    else this.#stopTimer = this.#settings.clock.after(waitMs, () => this.#pump());
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    if (!this.#stopAging) this.#age();
    const wants = this.#wants.splice(0);
    const wasStale = this.#isStale;
    this.#isStale = false;
    const names = new Set(wants.flatMap((want) => want.names));
    if (wasStale) for (const name of this.#inUse()) names.add(name);
    try {
      const answer = await this.#settings.ask(names.size ? [...names] : null, wasStale && this.#pauses > 0);
      if (answer.errorCode === errorCode.REBOOTSTRAP_REQUIRED) {
        this.#image.forgetBrokers();
        this.#settings.onRebootstrap();
        throw protocolFault(answer.errorCode);
      }
      const isChanged = this.#image.apply(answer, this.#settings.clock.monotonic());
      this.#pause(isChanged);
      if (this.#settings.clock.monotonic() - this.#staleAt < followMs) this.#isStale = true;
      for (const { resolve } of wants) resolve();
      if (isChanged) this.#tell();
    } catch (error) {
      this.#pause(false);
      if (wasStale) this.#isStale = true;
      for (const { reject } of wants) reject(error);
    } finally {
      this.#isAsking = false;
      this.#pump();
    }
  }

  #pause(isChanged: boolean): void {
    const { clock, random } = this.#settings;
    const now = clock.monotonic();
    if (isChanged) this.#pauses = 0;
    const grown = firstPauseMs * pauseGrowth ** Math.min(this.#pauses, 16);
    const pauseMs = Math.min(grown, this.#pauses < quickPauses ? quickPauseMsMax : pauseMsMax);
    this.#pauses++;
    this.#pauseUntil = now + pauseMs * (0.8 + 0.4 * random.next());
  }

  #inUse(): string[] {
    const now = this.#settings.clock.monotonic();
    for (const [name, usedAt] of this.#usedAt) {
      if (now - usedAt <= Math.max(idleMsMax, this.#settings.maxAgeMs)) continue;
      this.#usedAt.delete(name);
      this.#image.forgetTopic(name);
    }
    return [...this.#usedAt.keys()];
  }

  /** Grown topics and moved leaders are found even where nothing fails. */
  #age(): void {
    this.#stopAging = this.#settings.clock.after(this.#settings.maxAgeMs, () => {
      if (this.#isClosed) return;
      this.#isStale ||= this.#usedAt.size > 0;
      this.#pump();
      this.#age();
    });
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
