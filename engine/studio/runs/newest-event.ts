import { ReceivedMessage } from '../../../palette/kafka/receive-message/received-message.ts';
import type { Clock } from '../../base/clock.ts';
import { readPage } from '../topics/read-messages.ts';
import type { RawMessage, TopicSource } from '../topics/topic-source.ts';

const receiveType = 'kafka.receive-message';

interface Starter {
  readonly id: string;
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** The newest record of the topics that a ReceiveMessage reads, as its output. Undefined for other starters and empty topics. */
export async function newestEvent(
  starter: Starter,
  find: (connection: string) => Promise<TopicSource>,
  clock: Clock,
): Promise<{ output: unknown; origin: string } | undefined> {
  if (starter.type !== receiveType) return undefined;
  const { connection, topics, keyFormat, valueFormat } = starter.config;
  const names = (Array.isArray(topics) ? topics : [topics]).filter((name) => typeof name === 'string' && name !== '');
  if (typeof connection !== 'string' || names.length === 0) return undefined;
  const source = await find(connection);
  const topic = String(names[0]);
  const { messages } = await readPage(source, clock, { topic, from: { at: 'newest' }, limit: 1 });
  const [newest] = messages;
  if (!newest) return undefined;
  const formats = { key: formatOf(keyFormat), value: formatOf(valueFormat) };
  const output = JSON.parse(JSON.stringify(new ReceivedMessage(recordOf(topic, newest), formats))) as unknown;
  return { output, origin: `Newest message of ${topic}[${newest.partition}] @ ${newest.offset}` };
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
