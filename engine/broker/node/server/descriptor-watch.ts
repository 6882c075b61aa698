import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import type { Log } from '../../../base/log.ts';

/** Descriptors kept back, so that a broker without any left can still say so over HTTP and reach its peers. */
const reservedMax = 16;
const checkEveryMs = 1_000;
const logEveryMs = 60_000;

/** Opens a descriptor, or answers undefined when the process or the system has none left. */
export type OpenDescriptor = () => number | undefined;

export interface DescriptorWatchOptions {
  readonly log: Log;
  readonly open?: OpenDescriptor;
  readonly close?: (descriptor: number) => void;
}

/**
 * Notices that a process has run out of file descriptors. Nothing else tells: the system then closes new connections right
 * after it has accepted them. A few descriptors are kept back and given free in such a time.
 */
export class DescriptorWatch {
  readonly #log: Log;
  readonly #open: OpenDescriptor;
  readonly #close: (descriptor: number) => void;
  readonly #reserved: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isOut = false;
  #loggedAtMs = Number.NEGATIVE_INFINITY;

  constructor({ log, open = openNull, close = closeSync }: DescriptorWatchOptions) {
    this.#log = log;
    this.#open = open;
    this.#close = close;
  }

  /** True from the moment when no descriptor was left until there is room again. */
  get isOut(): boolean {
    return this.#isOut;
  }

  start(): void {
    this.check(0);
    this.#timer = setInterval(() => this.check(performance.now()), checkEveryMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const descriptor of this.#reserved.splice(0)) this.#close(descriptor);
  }

  /** Looks whether there are descriptors; `nowMs` is monotonic. */
  check(nowMs: number): void {
    const probe = this.#open();
    if (probe === undefined) {
      this.#ranOut(nowMs);
      return;
    }
    this.#close(probe);
    while (this.#reserved.length < reservedMax) {
      const descriptor = this.#open();
      if (descriptor === undefined) return;
      this.#reserved.push(descriptor);
    }
    if (!this.#isOut) return;
    // What was given free a moment ago is no room: there has to be one more.
    const more = this.#open();
    if (more === undefined) {
      this.#ranOut(nowMs);
      return;
    }
    this.#close(more);
    this.#isOut = false;
    this.#log.info('there are file descriptors again: clients are served as usual');
  }

  #ranOut(nowMs: number): void {
    this.#isOut = true;
    for (const descriptor of this.#reserved.splice(0)) this.#close(descriptor);
    if (nowMs - this.#loggedAtMs < logEveryMs) return;
    this.#loggedAtMs = nowMs;
    this.#log.error(
      'no file descriptor is left: new clients are turned away until there is one; raise the limit of open files (ulimit -n) or ' +
        'close connections',
    );
  }
}

function openNull(): number | undefined {
  try {
    return openSync(devNull, 'r');
  } catch {
    return undefined;
  }
}
