import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { startTokenOf } from '../../../host/process-identity.ts';
import type { BrokerFile } from '../config/broker-config.ts';
import { brokerEntryPath, compileCacheFolder } from './broker-entry.ts';
import type { BrokerRunner, BrokerRunnerEvents } from './broker-runner.ts';
import type { ProcessMark } from './cluster-file.ts';
import type { FromBroker, ToBroker } from './process-messages.ts';

/** A broker that was told to end and has made no progress for this long is killed. It cuts itself off sooner if it still can. */
const stopStallMsMaxStandard = 8_000;
/** A broker that does not say in this time whether its replicas are in sync is asked again. */
const replicasWaitMsMax = 2_000;
/** The end of what a broker wrote to standard error is kept, to say why it died. */
const errorTextBytesMax = 16_384;

/**
 * A broker in a process of its own. Compiled code is kept between starts. The process ends
 * by itself when this one dies, as its IPC channel breaks.
 */
export class ChildRunner implements BrokerRunner {
  readonly process: ProcessMark | null;
  readonly #child: ChildProcess;
  readonly #events: BrokerRunnerEvents;
  readonly #stopStallMsMax: number;
  #expected = false;
  #failure: Extract<FromBroker, { type: 'failed' }> | undefined;
  #errorText = '';
  /** While it is being stopped. */
  #stallTimer: NodeJS.Timeout | undefined;
  #left = '';
  #lacking: ((count: number | undefined) => void)[] = [];

  constructor(file: BrokerFile, events: BrokerRunnerEvents, stopStallMsMax = stopStallMsMaxStandard) {
    this.#events = events;
    this.#stopStallMsMax = stopStallMsMax;
    this.#child = spawn(process.execPath, [brokerEntryPath()], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      windowsHide: true,
      // A group of its own: a terminal's Ctrl+C goes to the supervisor alone, which ends brokers in order, also those that only begin.
      detached: process.platform !== 'win32',
      env: { NODE_COMPILE_CACHE: compileCacheFolder(dirname(file.dataFolder)), ...process.env },
    });
    const { pid } = this.#child;
    this.process = pid === undefined ? null : { pid, startToken: startTokenOf(pid) ?? '' };
    this.#child.on('message', (message: FromBroker) => this.#receive(message));
    this.#child.on('error', (error) => this.#noteError(error.message));
    this.#child.stderr?.on('data', (chunk: Buffer) => this.#noteError(chunk.toString()));
    this.#child.once('close', (code, signal) => this.#ended(code, signal));
    this.#tell({ type: 'start', file });
  }

  async stop(wholeCluster: boolean): Promise<string | undefined> {
    if (this.#hasEnded) return undefined;
    this.#expected = true;
    this.freeze(false);
    let wasKilled = false;
    this.#stallTimer = setTimeout(() => {
      wasKilled = true;
      this.#child.kill('SIGKILL');
    }, this.#stopStallMsMax);
    const closed = once(this.#child, 'close');
    this.#tell({ type: 'stop', wholeCluster });
    const [code] = (await closed) as [number | null];
    clearTimeout(this.#stallTimer);
    if (!wasKilled && code === 0) return undefined;
    const how = wasKilled
      ? `was killed after ${this.#stopStallMsMax} ms without progress`
      : `ended with exit code ${code}`;
    return [how, this.#left, this.#errorText.trim()].filter((text) => text !== '').join(': ');
  }

  async kill(): Promise<void> {
    if (this.#hasEnded) return;
    this.#expected = true;
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await closed;
  }

  lackingReplicas(): Promise<number | undefined> {
    if (this.#hasEnded) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const settle = (lacking: number | undefined) => {
        clearTimeout(timer);
        this.#lacking = this.#lacking.filter((one) => one !== settle);
        resolve(lacking);
      };
      const timer = setTimeout(() => settle(undefined), replicasWaitMsMax);
      this.#lacking.push(settle);
      this.#tell({ type: 'replicas' });
    });
  }

  freeze(frozen: boolean): boolean {
    if (process.platform === 'win32' || this.#hasEnded) return false;
    return this.#child.kill(frozen ? 'SIGSTOP' : 'SIGCONT');
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #tell(message: ToBroker): void {
    // A process that is gone cannot be told; its end is reported by 'close'.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #receive(message: FromBroker): void {
    if (message.type === 'listening') this.#events.onListening(message.port);
    if (message.type === 'ready') this.#events.onReady();
    if (message.type === 'progress') {
      this.#stallTimer?.refresh();
      this.#left = message.left;
      this.#events.onProgress(message.left);
    }
    if (message.type === 'replicas') for (const settle of this.#lacking) settle(message.lacking);
    if (message.type === 'failed') this.#failure = message;
  }

  #noteError(text: string): void {
    this.#events.onErrorText?.(text);
    this.#errorText = (this.#errorText + text).slice(-errorTextBytesMax);
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    const how = signal ? `ended by ${signal}` : `ended with exit code ${code}`;
    const message = this.#failure?.message ?? [how, this.#errorText.trim()].filter((text) => text !== '').join(': ');
    this.#events.onExit({ isExpected: this.#expected, code: this.#failure?.code ?? 'BROKER_EXITED', message });
  }
}
