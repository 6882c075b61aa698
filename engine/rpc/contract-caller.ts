import { z } from 'zod';
import { assert } from '../base/assert.ts';
import type { Cancel, Clock } from '../base/clock.ts';
import { MillraceError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type {
  AnswerOf,
  Call,
  CallName,
  Contract,
  ContractClient,
  EventName,
  ParamsOf,
  PayloadOf,
} from './define-contract.ts';
import { rpcMessageSchema } from './define-contract.ts';
import type { Channel } from './serve-contract.ts';
import { errorOfWire } from './wire-error.ts';

interface PendingCall {
  readonly name: string;
  readonly declared: Call;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  readonly cancelTimer: Cancel;
}

/** What a caller stands on. */
export interface CallerGround {
  readonly clock: Clock;
  readonly log: Log;
  /** Who answers, for messages: `the run`. */
  readonly peer: string;
}

/**
 * The end of a contract that asks, over any channel. Answers and events are checked by the contract: the other end may be of
 * another version. An answer that does not keep to it rejects its call with BAD_ANSWER; such an event is logged and left out.
 */
export class ContractCaller<C extends Contract> implements ContractClient<C> {
  readonly #contract: C;
  readonly #channel: Channel;
  readonly #ground: CallerGround;
  readonly #pending = new Map<number, PendingCall>();
  readonly #listeners = new Map<string, Set<(payload: never) => void>>();
  #lastId = 0;
  #end: Error | undefined;

  constructor(contract: C, channel: Channel, ground: CallerGround) {
    this.#contract = contract;
    this.#channel = channel;
    this.#ground = ground;
    channel.onMessage((message) => this.#take(message));
  }

  /** Rejects with what the handler threw, BAD_ANSWER, the error of `end`, and with CALL_TIMEOUT after `waitMsMax`: without it, a call waits until `end`. */
  call<Name extends CallName<C>>(
    name: Name,
    params: ParamsOf<C[Name]>,
    { waitMsMax }: { readonly waitMsMax?: number } = {},
  ): Promise<AnswerOf<C[Name]>> {
    if (this.#end) return Promise.reject(this.#end);
    const declared = this.#contract[name];
    assert(declared?.kind === 'call', `"${name}" is no call of the contract`);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const cancelTimer =
        waitMsMax === undefined ? () => {} : this.#ground.clock.after(waitMsMax, () => this.#late(id, waitMsMax));
      this.#pending.set(id, { name, declared, resolve, reject, cancelTimer });
      this.#channel.send({ jsonrpc: '2.0', id, method: name, params });
    });
  }

  on<Name extends EventName<C>>(name: Name, listener: (payload: PayloadOf<C[Name]>) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** The other end is gone, or not asked any more: every call, under way or to come, rejects with `error`, and nothing is heard. */
  end(error: Error): void {
    this.#end ??= error;
    for (const { reject, cancelTimer } of this.#pending.values()) {
      cancelTimer();
      reject(error);
    }
    this.#pending.clear();
  }

  #take(frame: unknown): void {
    if (this.#end) return;
    const message = rpcMessageSchema.safeParse(frame);
    if (!message.success) return this.#broken('a message', message.error);
    if ('method' in message.data) return this.#hear(message.data.method, message.data.params);
    const { id } = message.data;
    const pending = id === null ? undefined : this.#pending.get(id);
    if (id === null || !pending) return;
    this.#pending.delete(id);
    pending.cancelTimer();
    if ('error' in message.data) return pending.reject(errorOfWire(message.data.error.data));
    const answer = pending.declared.answer.safeParse(message.data.result);
    if (answer.success) return pending.resolve(answer.data as never);
    const text = `expected ${this.#ground.peer} to answer "${pending.name}" by the contract, found: ${z.prettifyError(answer.error)}`;
    pending.reject(new MillraceError('BAD_ANSWER', text));
  }

  #hear(name: string, params: unknown): void {
    const declared = Object.hasOwn(this.#contract, name) ? this.#contract[name] : undefined;
    if (declared?.kind !== 'event') return;
    const payload = declared.payload.safeParse(params);
    if (!payload.success) return this.#broken(`event "${name}"`, payload.error);
    for (const listener of this.#listeners.get(name) ?? []) listener(payload.data as never);
  }

  #broken(what: string, error: z.ZodError): void {
    this.#ground.log.error(`${what} of ${this.#ground.peer} does not keep to the contract`, {
      error: z.prettifyError(error),
    });
  }

  #late(id: number, waitMsMax: number): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    const text = `${this.#ground.peer} did not answer "${pending?.name}" within ${waitMsMax / 1000} s`;
    pending?.reject(new MillraceError('CALL_TIMEOUT', text, { retriable: true }));
  }
}
