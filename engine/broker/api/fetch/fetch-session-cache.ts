import type { Clock } from '../../../base/clock.ts';
import type { Random } from '../../../base/random.ts';
import { randomBelow } from '../../../base/random.ts';
import type { SessionTarget } from './fetch-session.ts';
import { FetchSession } from './fetch-session.ts';

/** A session that was not used for this long, in ms, makes room for another (KIP-227). */
const idleMsMax = 120_000;
const sessionIdMax = 0x7fffffff;

/** All fetch sessions of a broker, least recently used first; at most `slots` of them. */
export class FetchSessionCache {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #slots: number;
  readonly #sessions = new Map<number, FetchSession>();

  /** `slots`: setting `max.incremental.fetch.session.cache.slots`. */
  constructor(options: { readonly clock: Clock; readonly random: Random; readonly slots: number }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#slots = options.slots;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /**
   * A new session; undefined when the cache is full, and the reader goes on without one. An idle session makes room for
   * any, a client's session for a follower's.
   */
  create(targets: Map<string, SessionTarget>, options: { readonly usesIds: boolean; readonly isFollower: boolean }) {
    if (this.#sessions.size >= this.#slots && !this.#makeRoom(options.isFollower)) return undefined;
    const session = new FetchSession({ ...options, id: this.#newId(), targets, nowMs: this.#clock.monotonic() });
    this.#sessions.set(session.id, session);
    return session;
  }

  /** The session, which counts as used now. */
  use(id: number): FetchSession | undefined {
    const session = this.#sessions.get(id);
    if (!session) return undefined;
    session.lastUsedMs = this.#clock.monotonic();
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
    return session;
  }

  has(id: number): boolean {
    return this.#sessions.has(id);
  }

  delete(id: number): void {
    this.#sessions.delete(id);
  }

  #makeRoom(isFollower: boolean): boolean {
    const nowMs = this.#clock.monotonic();
    for (const session of this.#sessions.values()) {
      const isIdle = nowMs - session.lastUsedMs > idleMsMax;
      if (!isIdle && (!isFollower || session.isFollower)) continue;
      this.#sessions.delete(session.id);
      return true;
    }
    return false;
  }

  #newId(): number {
    for (;;) {
      const id = 1 + randomBelow(this.#random, sessionIdMax - 1);
      if (!this.#sessions.has(id)) return id;
    }
  }
}
