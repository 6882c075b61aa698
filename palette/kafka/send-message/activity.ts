import type { InputField } from '../../../engine/spi/define-activity.ts';
import { defineActivity } from '../../../engine/spi/define-activity.ts';
import type { ValueType } from '../../../engine/spi/value-type.ts';

const formats = [
  { value: 'auto', label: 'Automatic', help: 'Text and bytes as they are, anything else as JSON' },
  { value: 'json', label: 'JSON' },
  { value: 'text', label: 'Text (UTF-8)' },
  { value: 'bytes', label: 'Bytes (from base64)' },
] as const;

const list = { field: 'send', is: ['list'] } as const;

/** What a message is made of; `partition` and `topic` override the settings. */
const message = {
  value: {
    label: 'Value',
    type: { type: 'any' },
    required: true,
    help: 'The value of the record. null sends a tombstone; the JSON text null that was received is sent as it came. What nobody touched leaves byte for byte.',
  },
  key: { label: 'Key', type: { type: 'any' }, help: 'Records with the same key go to the same partition, in order.' },
  headers: {
    label: 'Headers',
    type: { type: 'any' },
    help: 'An object of values by name, or a list of {"name", "value"} for order and repeated names. receive.headers passes all on.',
  },
  timestamp: {
    label: 'Timestamp',
    type: { type: 'integer' },
    help: 'Milliseconds since 1970; the time of sending when left out or nothing.',
  },
  partition: { label: 'Partition', type: { type: 'integer' }, help: 'Overrides the partition of the settings.' },
  topic: { label: 'Topic', type: { type: 'string' }, help: 'Overrides the topic of the settings.' },
} as const satisfies Readonly<Record<string, InputField>>;

const messages = {
  messages: {
    label: 'Messages',
    type: {
      type: 'array',
      items: {
        type: 'object',
        properties: Object.fromEntries(Object.entries(message).map(([name, { type }]) => [name, type])),
      },
    },
    required: true,
    help: 'A list of {"value", "key", "headers", "timestamp", "partition", "topic"}; all but value may be left out. They travel together, in their order within a partition.',
  },
} as const satisfies Readonly<Record<string, InputField>>;

const place = {
  topic: { type: 'string' },
  partition: { type: 'integer', nullable: true },
  offset: { type: 'integer', nullable: true, description: 'null when nothing was asked to be acknowledged' },
} as const satisfies Readonly<Record<string, ValueType>>;

const listOutput = {
  type: 'object',
  properties: {
    sent: { type: 'integer', description: 'How many were sent' },
    failed: { type: 'integer', description: 'How many were not' },
    results: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          status: { type: 'string', description: '"sent" or "failed"' },
          ...place,
          code: { type: 'string', nullable: true, description: 'Why it failed' },
          message: { type: 'string', nullable: true },
          retriable: { type: 'boolean', nullable: true },
        },
      },
      description: 'One for each message, in their order',
    },
  },
} as const satisfies ValueType;

/** Sends one record, or a list of them. Fields follow TIBCO's Kafka Send Message and Kafka's producer settings; acks are `all` unless chosen otherwise. */
export default defineActivity({
  type: 'kafka.send-message',
  title: 'SendMessage',
  group: 'Kafka',
  kind: 'activity',
  summary: 'Sends one record or a list of them, and waits until the cluster has acknowledged them.',
  keywords: ['producer', 'publish', 'produce', 'topic', 'write', 'batch'],
  suggestedId: 'send',
  transaction: { of: 'connection' },
  config: {
    connection: {
      kind: 'resource',
      label: 'Kafka Connection',
      help: 'The cluster to send to.',
      resourceType: 'kafka.connection',
      required: true,
    },
    topic: {
      kind: 'lookup',
      what: 'topic',
      label: 'Topic',
      help: 'Where records go, unless the input names another topic.',
      of: 'connection',
      required: true,
    },
    send: {
      kind: 'choice',
      label: 'Send',
      help: 'What one execution sends.',
      default: 'one',
      choices: [
        { value: 'one', label: 'One message' },
        { value: 'list', label: 'A list of messages', help: 'Each with a result of its own' },
      ],
    },
    onFailedMessage: {
      kind: 'choice',
      label: 'When a message fails',
      help: 'What becomes of the activity when some of its messages could not be sent. The others are sent either way.',
      default: 'fail',
      choices: [
        { value: 'fail', label: 'The activity fails', help: 'error.details.results says what became of each' },
        { value: 'result', label: 'It completes', help: 'The output says what became of each' },
      ],
      visibleWhen: list,
    },
    acks: {
      kind: 'choice',
      label: 'Acknowledgement',
      help: 'When a record counts as sent. In a process whose starter handles each event exactly once, all in-sync replicas have it, whatever is chosen here.',
      default: 'all',
      choices: [
        { value: 'all', label: 'All in-sync replicas', help: 'Survives the loss of a broker' },
        { value: '1', label: 'The leader', help: 'Lost when the leader dies before a follower has it' },
        { value: '0', label: 'None', help: 'Sent and forgotten; the output has no offset' },
      ],
    },
    assignPartition: {
      kind: 'boolean',
      label: 'Assign partition',
      help: 'Send to one partition in place of the one that follows from the key.',
      default: false,
    },
    partition: {
      kind: 'number',
      label: 'Partition',
      help: 'The partition to send to, unless the input names another.',
      default: 0,
      min: 0,
      max: 2_147_483_647,
      integer: true,
      visibleWhen: { field: 'assignPartition', is: [true] },
    },
    valueFormat: {
      kind: 'choice',
      label: 'Value format',
      help: 'How data becomes the bytes of a value.',
      default: 'auto',
      choices: formats,
    },
    keyFormat: {
      kind: 'choice',
      label: 'Key format',
      help: 'How data becomes the bytes of a key.',
      default: 'auto',
      choices: formats,
    },
    idempotent: {
      kind: 'boolean',
      label: 'Idempotent',
      help: 'What is sent again after a lost answer is not written twice (enable.idempotence). Only with all in-sync replicas.',
      default: true,
      visibleWhen: { field: 'acks', is: ['all'] },
      section: 'Advanced',
    },
    compression: {
      kind: 'choice',
      label: 'Compression',
      help: 'Compresses what travels in one request.',
      default: 'none',
      choices: [
        { value: 'none', label: 'None' },
        { value: 'gzip', label: 'gzip' },
        { value: 'snappy', label: 'Snappy' },
        { value: 'lz4', label: 'LZ4' },
        { value: 'zstd', label: 'Zstandard' },
      ],
      section: 'Advanced',
    },
    lingerMs: {
      kind: 'number',
      label: 'Linger',
      help: 'How long a record waits for others that can travel in the same request (linger.ms).',
      default: 0,
      min: 0,
      max: 10_000,
      unit: 'ms',
      integer: true,
      section: 'Advanced',
    },
    batchBytesMax: {
      kind: 'number',
      label: 'Batch size',
      help: 'How much may wait together before it is sent at once (batch.size).',
      default: 262_144,
      min: 1_024,
      max: 16_777_216,
      unit: 'bytes',
      integer: true,
      section: 'Advanced',
    },
    requestBytesMax: {
      kind: 'number',
      label: 'Request size',
      help: 'A request to a broker is closed at this size (max.request.size). A single larger record travels alone, as far as its topic allows.',
      default: 1_048_576,
      min: 1_024,
      max: 104_857_600,
      unit: 'bytes',
      integer: true,
      section: 'Advanced',
    },
    bufferBytesMax: {
      kind: 'number',
      label: 'Buffer memory',
      help: 'How much may wait for the brokers (buffer.memory); beyond it executions wait for room.',
      default: 33_554_432,
      min: 65_536,
      max: 1_073_741_824,
      unit: 'bytes',
      integer: true,
      section: 'Advanced',
    },
    deliveryTimeoutMs: {
      kind: 'number',
      label: 'Delivery timeout',
      help: 'How long sending is tried again before the activity fails (delivery.timeout.ms).',
      default: 30_000,
      min: 100,
      max: 600_000,
      unit: 'ms',
      integer: true,
      section: 'Advanced',
    },
  },
  input: message,
  output: {
    type: 'object',
    properties: { ...place, partition: { type: 'integer' } },
  },
  ports: ({ config: { send } }) => (send === 'list' ? { input: messages, output: listOutput } : {}),
  faults: [
    {
      code: 'KAFKA_SEND_FAILED',
      title: 'The cluster did not take the record',
      help: 'The message names Kafka’s own error; retriable ones were tried until the delivery timeout.',
    },
    { code: 'KAFKA_UNKNOWN_TOPIC', title: 'The topic does not exist', help: 'Create it, or correct its name.' },
    {
      code: 'KAFKA_MESSAGE_TOO_LARGE',
      title: 'The record is larger than the topic allows',
      help: 'Send less, or raise max.message.bytes of the topic.',
    },
    {
      code: 'KAFKA_ENCODE_FAILED',
      title: 'The data does not fit the format',
      help: 'Map it to what the format wants, or choose another format.',
    },
  ],
});
