import { MillraceError } from '../../base/errors.ts';
import type { KafkaConnection } from '../connection.ts';
import { KafkaError } from '../kafka-error.ts';

/** With the connection's back-off about ten seconds: a broker restart. */
const attemptsMax = 12;
/** A topic that was just made is not known to every broker at once. */
const unknownTopicAttemptsMax = 3;

/**
 * Calls until it works, with back-off while another try may help. Rejects with what the last try threw, or with KAFKA_CLOSED
 * when the signal ends the waiting.
 */
export async function whileItHelps<T>(
  connection: KafkaConnection,
  action: string,
  signal: AbortSignal,
  call: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      signal.throwIfAborted();
      return await call();
    } catch (error) {
      if (signal.aborted) throw closed(connection, action);
      const tries =
        error instanceof MillraceError && error.code === 'KAFKA_UNKNOWN_TOPIC' ? unknownTopicAttemptsMax : attemptsMax;
      const mayHelp = error instanceof MillraceError && (error.retriable || error.code === 'KAFKA_UNKNOWN_TOPIC');
      if (!mayHelp || attempt >= tries) throw connection.error(error, action);
    }
    await pause(connection, connection.backoffMs(attempt), signal);
  }
}

export function closed(connection: KafkaConnection, action: string): KafkaError {
  return new KafkaError('KAFKA_CLOSED', `${connection.target}: could not ${action}: the client is closed`);
}

/** Waits, at most until the signal. */
export function pause({ host }: KafkaConnection, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = host.clock.after(delayMs, end);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
