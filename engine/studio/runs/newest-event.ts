import { ReceivedMessage } from '../../../palette/kafka/receive-message/received-message.ts';
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import { packExact } from '../../formats/exact-json.ts';
import { readPage } from '../topics/read-messages.ts';
import type { RawMessage, TopicSource } from '../topics/topic-source.ts';
import type { NewestEvent } from './sample-context.ts';

const receiveType = 'kafka.receive-message';

interface Starter {
  readonly name: string;
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Records looked at for one that is what the starter declares. */
const recordsTriedMax = 20;

/**
 * The newest record of the topic that a ReceiveMessage reads and that is in the format it declares, as its output; with the
 * reason when there is none, or when newer ones are not. Undefined for other starters.
 */
export async function newestEvent(
  starter: Starter,
  find: (connection: string) => Promise<TopicSource>,
  clock: Clock,
): Promise<NewestEvent | undefined> {
  if (starter.type !== receiveType) return undefined;
  const { connection, topics, keyFormat, valueFormat } = starter.config;
  const names = (Array.isArray(topics) ? topics : [topics]).filter((name) => typeof name === 'string' && name !== '');
  if (typeof connection !== 'string' || names.length === 0)
    return { reason: `${starter.name} has no connection or no topic yet` };
  const source = await find(connection);
  const topic = String(names[0]);
  const { messages } = await readPage(source, clock, { topic, from: { at: 'newest' }, limit: recordsTriedMax });
  if (messages.length === 0) return { reason: `topic ${topic} holds no message` };
  const formats = { key: formatOf(keyFormat), value: formatOf(valueFormat) };
  let reason: string | undefined;
  for (const message of messages) {
    const place = `${topic}[${message.partition}] @ ${message.offset}`;
    try {
      const output = packExact(new ReceivedMessage(recordOf(topic, message), formats));
      return { found: { output, origin: `Newest message of ${place}` }, ...(reason === undefined ? {} : { reason }) };
    } catch (thrown) {
      reason ??= `the newest message, ${place}, cannot be read: ${messageOf(thrown)}`;
    }
  }
  return { reason: messages.length === 1 ? reason! : `${reason}; nor can the ${messages.length - 1} before it` };
}

function formatOf(value: unknown): 'auto' | 'json' | 'text' | 'bytes' {
  return value === 'json' || value === 'text' || value === 'bytes' ? value : 'auto';
}

function recordOf(topic: string, { partition, offset, timestampMs, key, value, headers }: RawMessage) {
  return {
    topic,
    partition,
    offset,
    timestampMs,
    timestampType: 'create' as const,
    key: asBuffer(key),
    value: asBuffer(value),
    headers: headers.map((header) => ({ key: header.key, value: asBuffer(header.value) })),
    sizeBytes: 0,
  };
}

function asBuffer(bytes: Uint8Array | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
