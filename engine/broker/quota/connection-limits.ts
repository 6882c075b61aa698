import { entityText } from './quota-entity.ts';
import type { QuotaTable } from './quota-lookup.ts';
import { limitsAnybody } from './quota-lookup.ts';
import type { SampleWindows } from './sampled-rate.ts';
import { SampledRate, throttleMs } from './sampled-rate.ts';

/** What a broker is set to take of connections of clients. */
export interface ConnectionSettings {
  /** New ones a second over all addresses (`max.connection.creation.rate`). */
  readonly creationRateMax: number;
  /** Open ones of one address (`max.connections.per.ip`), and of some their own number (`max.connections.per.ip.overrides`). */
  readonly perAddressMax: number;
  readonly addressOverrides: ReadonlyMap<string, number>;
}

export const unlimitedConnections: ConnectionSettings = {
  creationRateMax: Number.POSITIVE_INFINITY,
  perAddressMax: Number.POSITIVE_INFINITY,
  addressOverrides: new Map(),
};

/** What becomes of a new connection, after a wait in ms. */
export interface ConnectionVerdict {
  readonly afterMs: number;
  /** Why it is closed then; undefined: it is served. */
  readonly refusal: string | undefined;
}

const served: ConnectionVerdict = { afterMs: 0, refusal: undefined };
/** Addresses whose rate is kept; the oldest give way. */
const addressesMax = 10_000;

/**
 * Limits of connections of clients, as Kafka has them: so many of an address at a time, else closed at once; so many new ones a
 * second of an address (quota `connection_creation_rate` of an ip), else held for up to a second and closed; so many a second over
 * all, else taken one after the other. Connections of the brokers among themselves are not asked about.
 */
export class ConnectionLimits {
  readonly #windows: SampleWindows;
  readonly #open = new Map<string, number>();
  readonly #rates = new Map<string, SampledRate>();
  readonly #rate: SampledRate;
  #settings = unlimitedConnections;
  #table: QuotaTable = new Map();
  #limitsRates = false;
  /** Until then an earlier connection is waited for. */
  #busyUntilMs = 0;

  constructor(windows: SampleWindows) {
    this.#windows = windows;
    this.#rate = new SampledRate(windows);
  }

  setSettings(settings: ConnectionSettings): void {
    this.#settings = settings;
  }

  setTable(table: QuotaTable): void {
    this.#table = table;
    this.#limitsRates = limitsAnybody(table, 'connection_creation_rate');
    if (!this.#limitsRates) this.#rates.clear();
  }

  /** A client of an address (without its port) has connected. Counted as open unless it is refused. */
  opened(address: string, nowMs: number): ConnectionVerdict {
    const { perAddressMax, addressOverrides } = this.#settings;
    const open = this.#open.get(address) ?? 0;
    if (open >= (addressOverrides.get(address) ?? perAddressMax))
      return { afterMs: 0, refusal: 'too many connections of one address' };
    const waitMs = this.#limitsRates ? this.#addressWaitMs(address, nowMs) : 0;
    if (waitMs > 0) return { afterMs: waitMs, refusal: 'too many new connections of one address' };
    this.#open.set(address, open + 1);
    return this.#settings.creationRateMax === Number.POSITIVE_INFINITY ? served : this.#inTurn(nowMs);
  }

  /** A connection that was not refused is gone. */
  closed(address: string): void {
    const open = (this.#open.get(address) ?? 0) - 1;
    if (open > 0) this.#open.set(address, open);
    else this.#open.delete(address);
  }

  #addressWaitMs(address: string, nowMs: number): number {
    const limit = this.#limitOf(address);
    if (limit === undefined) return 0;
    const rate = this.#rateOf(address);
    rate.record(1, nowMs);
    const waitMs = this.#bounded(throttleMs(rate.sum(nowMs), rate.windowMs(nowMs), limit));
    // It will be closed, so it does not count.
    if (waitMs > 0) rate.record(-1, nowMs);
    return waitMs;
  }

  #limitOf(address: string): number | undefined {
    const rateOf = (ip: string | null) => this.#table.get(entityText({ ip }))?.values.get('connection_creation_rate');
    return rateOf(address) ?? rateOf(null);
  }

  #rateOf(address: string): SampledRate {
    const known = this.#rates.get(address);
    if (known) return known;
    const [oldest] = this.#rates.keys();
    if (this.#rates.size >= addressesMax && oldest !== undefined) this.#rates.delete(oldest);
    const rate = new SampledRate(this.#windows);
    this.#rates.set(address, rate);
    return rate;
  }

  /** As behind one acceptor that sleeps when it has been too quick. */
  #inTurn(nowMs: number): ConnectionVerdict {
    const turnMs = Math.max(nowMs, this.#busyUntilMs);
    this.#rate.record(1, turnMs);
    const { creationRateMax } = this.#settings;
    const sleepMs = this.#bounded(throttleMs(this.#rate.sum(turnMs), this.#rate.windowMs(turnMs), creationRateMax));
    this.#busyUntilMs = turnMs + sleepMs;
    return { afterMs: this.#busyUntilMs - nowMs, refusal: undefined };
  }

  #bounded(waitMs: number): number {
    return Math.min(waitMs, this.#windows.sampleMs);
  }
}
