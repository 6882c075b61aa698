import { messageOf } from '../../engine/base/errors.ts';
import { parsePacked } from '../../engine/formats/exact-json.ts';
import type {
  AnswerOf,
  CallName,
  ContractClient,
  EventName,
  ParamsOf,
  PayloadOf,
} from '../../engine/rpc/define-contract.ts';
import { rpcMessageSchema } from '../../engine/rpc/define-contract.ts';
import type { StudioContract } from '../../engine/studio/contract.ts';
import { studioProtocol, studioRefusedProtocol, studioTokenPrefix } from '../../engine/studio/studio-protocol.ts';
import { StudioError, studioErrorOf } from './studio-error.ts';

/** `connecting` for the first time, `open`, `lost` and being tried again, `refused` for good: this page is of an earlier launch. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused' | 'closed';

/** Where the studio is and how to be let in. */
export interface Address {
  readonly url: string;
  readonly token: string;
}

/** What a connection needs of the world; tests hand in their own. */
export interface ConnectionSurroundings {
  /** Asked before every attempt: on the desktop a restarted studio may be elsewhere. */
  readonly address: () => Promise<Address>;
  readonly open: (url: string, protocols: string[]) => WebSocket;
  /** Calls back after a delay; returns a function that cancels it. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
}

/** Pauses between attempts to connect: the first at once, then longer and longer. */
const retryDelaysMs = [0, 150, 300, 600, 1_000, 2_000, 3_000] as const;
/** A call that is not answered within this time is given up. Starting a run compiles and connects: the slowest there is. */
const callWaitMsMax = 60_000;

interface PendingCall {
  readonly resolve: (result: never) => void;
  readonly reject: (error: StudioError) => void;
  readonly cancelTimer: () => void;
}

type Listener = (payload: never) => void;

/** The window's end of the studio contract over WebSocket. Connects by itself, again and again, until `close`. */
export class StudioConnection implements ContractClient<StudioContract> {
  readonly #world: ConnectionSurroundings;
  readonly #calls = new Map<number, PendingCall>();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #stateListeners = new Set<(state: ConnectionState) => void>();
  #state: ConnectionState = 'connecting';
  #socket: WebSocket | undefined;
  #cancelRetry: () => void = () => {};
  #attempts = 0;
  #lastId = 0;

  constructor(world: ConnectionSurroundings) {
    this.#world = world;
    void this.#connect();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Calls `listener` now and at every change. */
  onState(listener: (state: ConnectionState) => void): () => void {
    this.#stateListeners.add(listener);
    listener(this.#state);
    return () => this.#stateListeners.delete(listener);
  }

  /** Rejects at once with STUDIO_NOT_CONNECTED while the connection is down: nothing is kept to be sent later. */
  call<Name extends CallName<StudioContract>>(
    method: Name,
    params: ParamsOf<StudioContract[Name]>,
  ): Promise<AnswerOf<StudioContract[Name]>> {
    if (this.#state !== 'open' || !this.#socket) return Promise.reject(notConnected(method, this.#state));
    this.#lastId += 1;
    const id = this.#lastId;
    this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return new Promise((resolve, reject) => {
      const cancelTimer = this.#world.after(callWaitMsMax, () => {
        this.#calls.delete(id);
        const message = `the studio did not answer "${method}" within ${callWaitMsMax / 1000} s`;
        reject(new StudioError('STUDIO_TIMEOUT', message, { retriable: true }));
      });
      this.#calls.set(id, { resolve, reject, cancelTimer });
    });
  }

  on<Name extends EventName<StudioContract>>(
    name: Name,
    listener: (payload: PayloadOf<StudioContract[Name]>) => void,
  ): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  close(): void {
    this.#cancelRetry();
    this.#become('closed');
    this.#socket?.close();
    this.#failCalls();
  }

  async #connect(): Promise<void> {
    try {
      const { url, token } = await this.#world.address();
      if (this.#state === 'closed') return;
      const socket = this.#world.open(url, [studioProtocol, studioRefusedProtocol, `${studioTokenPrefix}${token}`]);
      this.#socket = socket;
      socket.onopen = () => this.#opened(socket);
      socket.onmessage = ({ data }) => this.#take(String(data));
      // An error is always followed by the close; it says nothing more in a browser.
      socket.onerror = () => {};
      socket.onclose = () => this.#lost(socket);
    } catch (thrown) {
      console.warn(`The studio cannot be reached yet: ${messageOf(thrown)}`);
      this.#retry();
    }
  }

  #opened(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#become(socket.protocol === studioRefusedProtocol ? 'refused' : 'open');
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket || this.#state === 'closed') return;
    this.#socket = undefined;
    this.#failCalls();
    if (this.#state === 'refused') return;
    this.#become('lost');
    this.#retry();
  }

  #retry(): void {
    const delay = retryDelaysMs[Math.min(this.#attempts, retryDelaysMs.length - 1)] ?? 0;
    this.#attempts += 1;
    this.#cancelRetry = this.#world.after(delay, () => void this.#connect());
  }

  #take(text: string): void {
    const message = rpcMessageSchema.parse(parsePacked(text));
    this.#attempts = 0;
    if ('method' in message) {
      for (const listener of this.#listeners.get(message.method) ?? []) listener(message.params as never);
      return;
    }
    const pending = message.id === null ? undefined : this.#calls.get(message.id);
    if (message.id === null || !pending) return;
    this.#calls.delete(message.id);
    pending.cancelTimer();
    if ('error' in message) pending.reject(studioErrorOf(message.error.data));
    else pending.resolve(message.result as never);
  }

  #failCalls(): void {
    for (const { reject, cancelTimer } of this.#calls.values()) {
      cancelTimer();
      reject(
        new StudioError('STUDIO_NOT_CONNECTED', 'the connection to the studio broke before it answered', {
          retriable: true,
        }),
      );
    }
    this.#calls.clear();
  }

  #become(state: ConnectionState): void {
    if (state === this.#state || this.#state === 'closed') return;
    this.#state = state;
    for (const listener of this.#stateListeners) listener(state);
  }
}

function notConnected(method: string, state: ConnectionState): StudioError {
  const why =
    state === 'refused'
      ? 'this page belongs to a studio that has ended; open the address that the new one printed'
      : 'the studio is not connected; this window tries again by itself';
  return new StudioError('STUDIO_NOT_CONNECTED', `could not ask for "${method}": ${why}`, {
    retriable: state !== 'refused',
  });
}
