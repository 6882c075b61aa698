import { randomBytes } from 'node:crypto';
import type { StudioAddress } from '../bridge.ts';
import type { StudioCommand } from './studio-command.ts';
import type { HostEvents, StudioHost } from './studio-host.ts';

/** Restarts in a row without the studio having been ready in between. */
const failedStartsMax = 3;
/** Time that the studio gets to end runs and brokers in order. */
const stopWaitMsMax = 20_000;
/** Characters of standard error that are kept for the reason of a failure. */
const lastWordsMax = 4_000;

export interface SupervisorOptions {
  /** The command; `port` is that of the last run, 0 before. */
  readonly command: (port: number) => StudioCommand;
  readonly startHost: (command: StudioCommand, env: NodeJS.ProcessEnv, events: HostEvents) => StudioHost;
  readonly env: NodeJS.ProcessEnv;
  /** The studio could not be started; it is not tried again. */
  readonly onFailed: (reason: string) => void;
  readonly after: (delayMs: number, callback: () => void) => () => void;
}

/** Keeps the studio running: starts it again when it ends by itself, and knows where it is. */
export class StudioSupervisor {
  readonly #options: SupervisorOptions;
  /** The same for every start, so that a window that is open finds its way back. */
  readonly #token = randomBytes(24).toString('base64url');
  #host: StudioHost | undefined;
  #address: StudioAddress | undefined;
  #waiting: { resolve: (address: StudioAddress) => void; reject: (error: Error) => void }[] = [];
  #failure: string | undefined;
  #port = 0;
  #failedStarts = 0;
  #isStopping = false;
  #onStopped: () => void = () => {};

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  start(): void {
    let output = '';
    let lastWords = '';
    this.#host = this.#options.startHost(
      this.#options.command(this.#port),
      { ...this.#options.env, MILLRACE_STUDIO_TOKEN: this.#token },
      {
        output: (text) => {
          output = this.#address ? '' : this.#look(output + text);
        },
        errors: (text) => {
          lastWords = (lastWords + text).slice(-lastWordsMax);
          process.stderr.write(text);
        },
        exit: (reason) => this.#exited(lastWords.trim().split('\n').at(-1) || reason),
      },
    );
  }

  /** Where the studio is; waits while it starts. Rejects when it cannot be started. */
  address(): Promise<StudioAddress> {
    if (this.#address) return Promise.resolve(this.#address);
    if (this.#failure !== undefined) return Promise.reject(new Error(this.#failure));
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Ends the studio with its runs and brokers; resolves when its process is gone. */
  stop(): Promise<void> {
    this.#isStopping = true;
    const host = this.#host;
    if (!host) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#options.after(stopWaitMsMax, () => host.kill());
      this.#onStopped = () => {
        cancel();
        resolve();
      };
      host.end();
    });
  }

  /** Reads the line in which the studio says where it is; returns what is left to read. */
  #look(output: string): string {
    const end = output.lastIndexOf('}');
    if (end < 0) return output;
    let url: URL;
    try {
      url = new URL((JSON.parse(output.slice(output.indexOf('{'), end + 1)) as { url: string }).url);
    } catch {
      return output;
    }
    this.#port = Number(url.port);
    this.#failedStarts = 0;
    this.#address = { url: `ws://${url.host}/studio`, token: this.#token };
    for (const { resolve } of this.#waiting.splice(0)) resolve(this.#address);
    return '';
  }

  #exited(reason: string): void {
    const wasReady = this.#address !== undefined;
    this.#host = undefined;
    this.#address = undefined;
    if (this.#isStopping) return this.#onStopped();
    this.#failedStarts = wasReady ? 0 : this.#failedStarts + 1;
    // The port may be what keeps it from starting: any other one will do.
    if (!wasReady) this.#port = 0;
    if (this.#failedStarts < failedStartsMax) return this.start();
    this.#failure = reason;
    for (const { reject } of this.#waiting.splice(0)) reject(new Error(reason));
    this.#options.onFailed(reason);
  }
}
