import { MillraceError } from '../../../engine/base/errors.ts';
import { KafkaError } from '../../../engine/kafka/kafka-error.ts';
import type { OutgoingRecord, SendListener } from '../../../engine/kafka/producer-settings.ts';
import type { RuntimeMetrics } from '../../../engine/spi/runtime.ts';
import { toFault } from './send-fault.ts';

/** Messages of one execution at most. */
export const messagesMax = 100_000;

/** What became of one message of a list. */
export type MessageResult =
  | { readonly status: 'sent'; readonly topic: string; readonly partition: number; readonly offset: number | null }
  | { readonly status: 'failed'; readonly code: string; readonly message: string; readonly retriable: boolean };

/** Where records go, as far as a list of them needs it. */
export interface SendTarget {
  ready(): Promise<void> | undefined;
  deliver(record: OutgoingRecord, listener: SendListener): void;
}

/** How a list is sent. */
export interface SendListOptions {
  /** The record of one message; throws KAFKA_ENCODE_FAILED. */
  readonly toRecord: (message: Readonly<Record<string, unknown>>) => OutgoingRecord;
  readonly to: SendTarget;
  readonly metrics: RuntimeMetrics;
  /** Whether a message that failed fails all: else it is a result like others. */
  readonly failsWithOne: boolean;
}

/**
 * Sends every message of a list that can be sent. Rejects with KAFKA_ENCODE_FAILED when it is no list of objects, and with
 * KAFKA_MESSAGES_FAILED, its results in the details, when one failed and `failsWithOne`.
 */
export async function sendList(messages: unknown, options: SendListOptions): Promise<unknown> {
  const { to, metrics, toRecord, failsWithOne } = options;
  const items = toItems(messages);
  const pending: Promise<MessageResult>[] = [];
  for (const [index, item] of items.entries()) {
    for (let room = to.ready(); room; room = to.ready()) await room;
    pending.push(sendOne(index, item, to, toRecord));
  }
  const results = await Promise.all(pending);
  const failed = results.filter((result) => result.status === 'failed');
  metrics.count('records_sent_total', results.length - failed.length);
  const [first] = failed;
  if (!first || !failsWithOne) return { sent: results.length - failed.length, failed: failed.length, results };
  const message = `${failed.length} of ${results.length} messages could not be sent: ${first.message}`;
  throw new KafkaError('KAFKA_MESSAGES_FAILED', message, {
    retriable: failed.every(({ retriable }) => retriable),
    details: { results },
  });
}

function toItems(messages: unknown): readonly Readonly<Record<string, unknown>>[] {
  const items: readonly unknown[] = Array.isArray(messages) ? messages : [messages];
  const wrong = items.findIndex((item) => typeof item !== 'object' || item === null || Array.isArray(item));
  if (wrong >= 0) {
    const found = items[wrong] === undefined ? 'nothing' : JSON.stringify(items[wrong]);
    throw new KafkaError('KAFKA_ENCODE_FAILED', `Messages: expected {"value": ...} as item ${wrong}, found ${found}`);
  }
  if (items.length > messagesMax)
    throw new KafkaError('KAFKA_ENCODE_FAILED', `Messages: expected at most ${messagesMax}, found ${items.length}`);
  return items as readonly Readonly<Record<string, unknown>>[];
}

function sendOne(
  index: number,
  item: Readonly<Record<string, unknown>>,
  to: SendTarget,
  toRecord: SendListOptions['toRecord'],
): Promise<MessageResult> {
  return new Promise((resolve, reject) => {
    const failed = (thrown: unknown): void => {
      const fault = toFault(thrown);
      if (!(fault instanceof MillraceError)) return reject(fault);
      const { code, message, retriable } = fault;
      resolve({ status: 'failed', code, message: `message ${index}: ${message}`, retriable });
    };
    try {
      const record = toRecord(item);
      const { topic } = record;
      const sent = (partition: number, offset: number | undefined): void =>
        resolve({ status: 'sent', topic, partition, offset: offset ?? null });
      to.deliver(record, { sent, failed });
    } catch (thrown) {
      failed(thrown);
    }
  });
}
