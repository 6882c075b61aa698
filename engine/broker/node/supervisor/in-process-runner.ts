import { MillraceError, messageOf } from '../../../base/errors.ts';
import type { BrokerFile } from '../config/broker-config.ts';
import type { RunningBroker } from '../server/run-broker.ts';
import { runBroker } from '../server/run-broker.ts';
import type { BrokerRunner, BrokerRunnerEvents } from './broker-runner.ts';

/** A broker inside this process: starts faster and uses less memory, but shares its fate. */
export class InProcessRunner implements BrokerRunner {
  readonly process = null;
  readonly #events: BrokerRunnerEvents;
  readonly #started: Promise<RunningBroker | undefined>;
  #expected = false;
  #ended = false;

  constructor(file: BrokerFile, events: BrokerRunnerEvents) {
    this.#events = events;
    this.#started = runBroker(file, { onFatal: (error) => this.#end(error) }).then(
      (running) => {
        events.onListening(running.port);
        running.ready.then(events.onReady);
        const left = running.unreadyReason();
        if (left !== undefined) events.onProgress(left);
        return running;
      },
      (error: unknown) => {
        this.#end(error);
        return undefined;
      },
    );
  }

  async stop(wholeCluster: boolean): Promise<string | undefined> {
    this.#expected = true;
    const running = await this.#started;
    try {
      await running?.stop({ wholeCluster, onProgress: this.#events.onProgress });
      return undefined;
    } catch (error) {
      return messageOf(error);
    } finally {
      this.#end(new MillraceError('BROKER_STOPPED', 'stopped'));
    }
  }

  async kill(): Promise<void> {
    await this.stop(true);
  }

  async lackingReplicas(): Promise<number | undefined> {
    return (await this.#started)?.lackingReplicas();
  }

  freeze(): boolean {
    return false;
  }

  #end(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    const code = error instanceof MillraceError ? error.code : 'BROKER_FAILED';
    this.#events.onExit({ isExpected: this.#expected, code, message: messageOf(error) });
  }
}
