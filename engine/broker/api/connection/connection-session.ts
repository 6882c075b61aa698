import type { Principal } from '../../security/principal.ts';
import { anonymous } from '../../security/principal.ts';
import type { SaslLogin } from '../../security/sasl/sasl-login.ts';

/** Names one kind of per-connection state; the handler that owns the state keeps the slot to itself. */
export interface SessionSlot<T> {
  readonly name: string;
  /** Only in types: what the slot holds. */
  readonly type?: T;
}

/** A new slot; `name` is for people (`fetch sessions`). */
export function sessionSlot<T>(name: string): SessionSlot<T> {
  return { name };
}

/** Close callbacks of one connection; a handler registers at most one per slot it uses. */
const closeListenersMax = 64;

/** State that lives as long as a connection: who is on the other end, fetch sessions. */
export class ConnectionSession {
  /** Who is on the other end, as far as it has proved. */
  principal: Principal;
  /** How it proves that; undefined where nobody has to. */
  readonly login: SaslLogin | undefined;
  readonly #values = new Map<SessionSlot<unknown>, unknown>();
  #closeListeners: (() => void)[] = [];
  #closed = false;

  /** The listener that it came in on: what is told of other brokers is where they have that one. Empty: there is one only. */
  readonly listener: string;

  constructor(principal: Principal = anonymous, login?: SaslLogin, listener = '') {
    this.principal = principal;
    this.login = login;
    this.listener = listener;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  get<T>(slot: SessionSlot<T>): T | undefined {
    return this.#values.get(slot) as T | undefined;
  }

  /** The slot's value, made by `create` when there is none yet. */
  getOrCreate<T>(slot: SessionSlot<T>, create: () => T): T {
    if (!this.#values.has(slot)) this.#values.set(slot, create());
    return this.#values.get(slot) as T;
  }

  set<T>(slot: SessionSlot<T>, value: T): void {
    this.#values.set(slot, value);
  }

  delete(slot: SessionSlot<unknown>): void {
    this.#values.delete(slot);
  }

  /** `listener` runs once when the connection has closed; at once if it already has. */
  onClose(listener: () => void): void {
    if (this.#closed) {
      listener();
      return;
    }
    if (this.#closeListeners.length >= closeListenersMax)
      throw new Error(`expected at most ${closeListenersMax} close listeners on one connection`);
    this.#closeListeners.push(listener);
  }

  /** Called by the owner of the connection. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const listeners = this.#closeListeners;
    this.#closeListeners = [];
    for (const listener of listeners) listener();
    this.#values.clear();
  }
}
