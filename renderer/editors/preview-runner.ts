import { packExact, unpackExact } from '../../engine/formats/exact-json.ts';
import type { PreviewContext, PreviewResult } from './evaluate-preview.ts';

/** To the worker: a context to evaluate on from now on, or an expression. */
export type ToPreviewWorker =
  | { readonly context: unknown }
  | { readonly id: number; readonly text: string; readonly context?: never };

/** From the worker; the value is packed (engine/formats). */
export interface FromPreviewWorker {
  readonly id: number;
  readonly result: PreviewResult;
}

/** A worker, as far as it is used here. */
export interface PreviewWorkerPort {
  postMessage(message: ToPreviewWorker): void;
  terminate(): void;
}

export interface PreviewRunnerOptions {
  readonly spawn: (onMessage: (message: FromPreviewWorker) => void) => PreviewWorkerPort;
  /** Calls back after so many milliseconds; returns what cancels it. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
}

/** How long one preview may take before its worker is ended. */
export const previewMsMax = 2_000;

interface Waiting {
  readonly id: number;
  readonly text: string;
  readonly context: PreviewContext;
  readonly resolve: (result: PreviewResult) => void;
}

/**
 * Evaluates previews one after the other in a worker, so that an expression that does not end costs the window nothing: after
 * `previewMsMax` its worker is ended, and the next preview gets a new one.
 */
export class PreviewRunner {
  readonly #options: PreviewRunnerOptions;
  readonly #queue: Waiting[] = [];
  #worker: PreviewWorkerPort | undefined;
  /** The context that the worker has. */
  #sent: PreviewContext | undefined;
  #running: Waiting | undefined;
  #cancelTimer = () => {};
  #ids = 0;

  constructor(options: PreviewRunnerOptions) {
    this.#options = options;
  }

  evaluate(text: string, context: PreviewContext): Promise<PreviewResult> {
    return new Promise((resolve) => {
      this.#queue.push({ id: ++this.#ids, text, context, resolve });
      this.#next();
    });
  }

  #next(): void {
    const next = this.#running ? undefined : this.#queue.shift();
    if (!next) return;
    this.#running = next;
    this.#worker ??= this.#options.spawn((message) => this.#take(message));
    if (this.#sent !== next.context) this.#worker.postMessage({ context: packExact(next.context) });
    this.#sent = next.context;
    this.#worker.postMessage({ id: next.id, text: next.text });
    this.#cancelTimer = this.#options.after(previewMsMax, () => this.#giveUp());
  }

  #take({ id, result }: FromPreviewWorker): void {
    const running = this.#running;
    if (running?.id !== id) return;
    this.#cancelTimer();
    this.#running = undefined;
    running.resolve(result.kind === 'value' ? { kind: 'value', value: unpackExact(result.value) } : result);
    this.#next();
  }

  #giveUp(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#sent = undefined;
    const running = this.#running;
    this.#running = undefined;
    running?.resolve({ kind: 'error', message: `no result within ${previewMsMax / 1000} seconds on this sample` });
    this.#next();
  }
}
