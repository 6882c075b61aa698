import type { QuotaKey } from './quota-entity.ts';
import type { QuotaClient, QuotaTable } from './quota-lookup.ts';
import { limitsAnybody, quotaInForce } from './quota-lookup.ts';
import type { QuotaUsage } from './quota-usage.ts';
import { SmoothUsage, WindowUsage } from './quota-usage.ts';
import type { SampleWindows } from './sampled-rate.ts';

/** What was used up is forgotten when nobody has asked for so long, in ms; as in Kafka. */
const idleMsMax = 3_600_000;
/** Shares that are kept, and clients whose quota is remembered. Client ids are the clients' choice: the oldest give way. */
const sharesMax = 10_000;

export interface ClientQuotaOptions {
  readonly key: QuotaKey;
  readonly windows: SampleWindows;
  /** Without Kafka's bursts. */
  readonly isSmooth?: boolean;
  /** Longest wait that is asked of a client, in ms; without it as long as it takes. */
  readonly throttleMsMax?: number;
}

interface Share {
  readonly usage: QuotaUsage;
  lastUsedMs: number;
}

interface Held {
  readonly limit: number;
  readonly user: string;
  readonly clientId: string;
}

/** One kind of quota: what each client has used up of it, and how long it waits for going over. */
export class ClientQuota {
  readonly #options: ClientQuotaOptions;
  #table: QuotaTable = new Map();
  #isActive = false;
  /** Quotas in force by user and client id, as they were found; undefined: none. */
  readonly #found = new Map<string, Map<string, Held | undefined>>();
  #foundCount = 0;
  readonly #shares = new Map<string, Map<string, Share>>();
  #shareCount = 0;

  constructor(options: ClientQuotaOptions) {
    this.#options = options;
  }

  /** Whether anybody has a quota of this kind. Nothing is counted before. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** Shares of quotas that are kept. */
  get shareCount(): number {
    return this.#shareCount;
  }

  /** The quotas that hold from now on. What has been used up stays. */
  setTable(table: QuotaTable): void {
    this.#table = table;
    this.#isActive = limitsAnybody(table, this.#options.key);
    this.#forgetFound();
  }

  /** The quota in force for a client, per second. */
  limitOf(client: QuotaClient): number | undefined {
    return this.#isActive ? this.#heldBy(client)?.limit : undefined;
  }

  /** Books what a client has used; a negative value takes back. @returns how long it has to wait, in ms; 0: not at all */
  record(client: QuotaClient, value: number, nowMs: number): number {
    const held = this.#isActive ? this.#heldBy(client) : undefined;
    if (!held) return 0;
    const waitMs = this.#shareOf(held, nowMs).usage.book(value, held.limit, nowMs);
    return Math.min(waitMs, this.#options.throttleMsMax ?? Number.POSITIVE_INFINITY);
  }

  /** What each share uses a second. */
  rates(nowMs: number): { readonly user: string; readonly clientId: string; readonly rate: number }[] {
    if (!this.#isActive) return [];
    return [...this.#shares].flatMap(([user, ofUser]) =>
      [...ofUser].map(([clientId, { usage }]) => ({ user, clientId, rate: usage.rate(nowMs) })),
    );
  }

  #heldBy(client: QuotaClient): Held | undefined {
    const { user, clientId } = client;
    let ofUser = this.#found.get(user);
    if (ofUser?.has(clientId)) return ofUser.get(clientId);
    if (this.#foundCount >= sharesMax) this.#forgetFound();
    const inForce = quotaInForce(this.#table, this.#options.key, client);
    const held = inForce && { limit: inForce.limit, ...inForce.share };
    ofUser = this.#found.get(user) ?? new Map();
    this.#found.set(user, ofUser.set(clientId, held));
    this.#foundCount++;
    return held;
  }

  #forgetFound(): void {
    this.#found.clear();
    this.#foundCount = 0;
  }

  #shareOf({ user, clientId }: Held, nowMs: number): Share {
    const known = this.#shares.get(user)?.get(clientId);
    if (known) {
      known.lastUsedMs = nowMs;
      return known;
    }
    if (this.#shareCount >= sharesMax) this.#makeRoom(nowMs);
    const { windows, isSmooth = false } = this.#options;
    const usage = isSmooth ? new SmoothUsage(windows) : new WindowUsage(windows);
    const share = { usage, lastUsedMs: nowMs };
    const ofUser = this.#shares.get(user) ?? new Map<string, Share>();
    this.#shares.set(user, ofUser.set(clientId, share));
    this.#shareCount++;
    return share;
  }

  /** Forgets who has not asked for long; if that makes no room, the half that has not for longest. */
  #makeRoom(nowMs: number): void {
    const times = [...this.#shares.values()].flatMap((ofUser) => [...ofUser.values()].map((share) => share.lastUsedMs));
    const median = times.sort((x, y) => x - y)[Math.floor(times.length / 2)] ?? nowMs;
    const keptSinceMs = Math.max(nowMs - idleMsMax, median);
    for (const [user, ofUser] of this.#shares) {
      for (const [clientId, { lastUsedMs }] of ofUser) if (lastUsedMs <= keptSinceMs) ofUser.delete(clientId);
      if (ofUser.size === 0) this.#shares.delete(user);
    }
    this.#shareCount = [...this.#shares.values()].reduce((count, ofUser) => count + ofUser.size, 0);
  }
}
