import type { MillraceError } from '../../base/errors.ts';
import type { KafkaConnection } from '../connection.ts';

interface Missing {
  failures: number;
  /** Not asked for again before this monotonic time. */
  notBefore: number;
  isTold: boolean;
}

/** A topic that was just made is not known to every broker at once: only a second "unknown" is told. */
const quietFailuresMax = 1;

/** Topics that are looked for: deleted, not made yet, or doubtful because a broker did not know them. */
export class MissingTopics {
  readonly #connection: KafkaConnection;
  readonly #missing = new Map<string, Missing>();

  constructor(connection: KafkaConnection) {
    this.#connection = connection;
  }

  /** Whether what is known of the topic must not be used until it is found again. */
  has(topic: string): boolean {
    return this.#missing.has(topic);
  }

  isDue(topic: string): boolean {
    const missing = this.#missing.get(topic);
    return !missing || missing.notBefore <= this.#connection.host.clock.monotonic();
  }

  /** A broker did not know the topic: it has to be asked for. */
  suspect(topic: string): void {
    if (!this.has(topic)) this.#missing.set(topic, { failures: 0, notBefore: 0, isTold: false });
  }

  found(topic: string): void {
    if (this.#missing.get(topic)?.isTold) this.#connection.host.log.info('topic is there again', { topic });
    this.#missing.delete(topic);
  }

  /** Notes that the topic was not found; `wake` is called when it is time to ask again. Gives an error when it has to be told. */
  notFound(topic: string, error: MillraceError, wake: () => void): MillraceError | undefined {
    const { clock, log } = this.#connection.host;
    this.suspect(topic);
    const missing = this.#missing.get(topic)!;
    missing.failures++;
    const delayMs = this.#connection.backoffMs(missing.failures);
    missing.notBefore = clock.monotonic() + delayMs;
    clock.after(delayMs + 1, wake);
    if (missing.isTold || missing.failures <= quietFailuresMax) return undefined;
    missing.isTold = true;
    const told = this.#connection.error(error, `read topic "${topic}"`);
    log.warn('topic cannot be read, looking for it again and again', { topic, code: told.code, error: told.message });
    return told;
  }
}
