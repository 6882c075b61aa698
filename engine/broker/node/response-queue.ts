import { BoundedQueue } from '../../base/bounded-queue.ts';
import type { FrameConnection } from '../../base/net.ts';

/** Where the response of one request goes, whenever it is ready. */
export interface ResponseSlot {
  /** The response as chunks, or undefined when the request gets none. Once. */
  complete(response: readonly Uint8Array[] | undefined): void;
}

class Slot implements ResponseSlot {
  response: readonly Uint8Array[] | undefined;
  isComplete = false;
  readonly #queue: ResponseQueue;

  constructor(queue: ResponseQueue) {
    this.#queue = queue;
  }

  complete(response: readonly Uint8Array[] | undefined): void {
    this.response = response;
    this.isComplete = true;
    this.#queue.flush();
  }
}

/**
 * Responses of one connection leave in the order of its requests (the protocol demands it), however long each takes.
 * When too many are unanswered the connection is paused until half of them are gone.
 */
export class ResponseQueue {
  readonly #connection: FrameConnection;
  readonly #slots: BoundedQueue<Slot>;
  #paused = false;
  #closed = false;

  constructor(connection: FrameConnection, inFlightMax: number) {
    this.#connection = connection;
    this.#slots = new BoundedQueue(inFlightMax);
  }

  /** A slot for the next request; undefined when there are too many, although the connection was paused. */
  open(): ResponseSlot | undefined {
    const slot = new Slot(this);
    if (!this.#slots.push(slot)) return undefined;
    if (this.#slots.isFull) {
      this.#paused = true;
      this.#connection.pause('responses');
    }
    return slot;
  }

  close(): void {
    this.#closed = true;
    while (this.#slots.shift()) {
      // Drops what the responses hold.
    }
  }

  /** Sends the responses that are complete, up to the first that is not. */
  flush(): void {
    if (this.#closed) return;
    for (let head = this.#slots.peek(); head?.isComplete; head = this.#slots.peek()) {
      this.#slots.shift();
      if (head.response) this.#connection.send(head.response);
    }
    if (!this.#paused || this.#slots.length > this.#slots.capacity / 2) return;
    this.#paused = false;
    this.#connection.resume('responses');
  }
}
