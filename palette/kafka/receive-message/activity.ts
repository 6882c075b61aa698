import { defineActivity } from '../../../engine/spi/define-activity.ts';
import { flowLimitField } from '../../../engine/spi/flow-limit-field.ts';
import type { ValueType } from '../../../engine/spi/value-type.ts';

const formats = [
  {
    value: 'auto',
    label: 'Automatic',
    help: 'JSON when the bytes are a JSON object or list, else text, else bytes; a number that stands alone is text',
  },
  { value: 'json', label: 'JSON', help: 'Any JSON; the job fails where the bytes are none' },
  { value: 'text', label: 'Text (UTF-8)', help: 'The job fails where the bytes are no UTF-8' },
  { value: 'bytes', label: 'Bytes (base64)', help: 'Base64 as text' },
] as const;
const retry = { field: 'onFailure', is: ['dead-letter', 'retry'] } as const;
const deadLetter = { field: 'onFailure', is: ['dead-letter'] } as const;

const output = {
  type: 'object',
  properties: {
    topic: { type: 'string' },
    partition: { type: 'integer' },
    offset: { type: 'integer' },
    timestamp: { type: 'integer', description: 'Milliseconds since 1970; nothing when the record has none' },
    key: { type: 'any', description: 'null when the record has no key' },
    value: {
      type: 'any',
      description: 'null for a tombstone. Numbers keep all their digits; passed on untouched it leaves as it came',
    },
    headers: {
      type: 'object',
      properties: {},
      open: true,
      description: 'Text by name, the last one where a name is there twice; passed on whole nothing is lost',
    },
    raw: {
      type: 'object',
      description: 'The record as it came, nothing decoded: send raw.value where value cannot be read',
      properties: {
        key: { type: 'any', description: 'Bytes; raw.key.base64 is text. null when the record has no key' },
        value: { type: 'any', description: 'Bytes; raw.value.base64 is text. null for a tombstone' },
        headers: {
          type: 'array',
          items: { type: 'object', properties: { name: { type: 'string' }, value: { type: 'any' } } },
          description: 'Every header in order: text, or bytes where it is none',
        },
      },
    },
  },
} as const satisfies ValueType;

/** A key or a value that is text, where that was chosen; else nobody knows before the record is there. */
function decoded({ description }: ValueType, format: unknown): ValueType {
  const described = description === undefined ? {} : { description };
  return format === 'text' ? { type: 'string', nullable: true, ...described } : { type: 'any', ...described };
}

/** Process starter: one job per record. Fields follow TIBCO's Kafka Receive Message and Kafka's consumer settings. */
export default defineActivity({
  type: 'kafka.receive-message',
  title: 'ReceiveMessage',
  group: 'Kafka',
  kind: 'starter',
  summary: 'Starts a job for every record of one or more topics, as a member of a consumer group.',
  keywords: ['consumer', 'subscribe', 'poll', 'fetch', 'topic', 'group', 'trigger'],
  suggestedId: 'receive',
  config: {
    connection: {
      kind: 'resource',
      label: 'Kafka Connection',
      help: 'The cluster to read from.',
      resourceType: 'kafka.connection',
      required: true,
    },
    topics: {
      kind: 'lookup',
      what: 'topic',
      label: 'Topics',
      help: 'The topics to read; every record of each becomes a job.',
      of: 'connection',
      multiple: true,
      required: true,
    },
    groupId: {
      kind: 'text',
      label: 'Group id',
      help: 'Consumer group. Runs with the same group id share the partitions; its committed offsets say where to go on.',
      pattern: '[A-Za-z0-9._-]{1,249}',
      required: true,
    },
    staticMemberId: {
      kind: 'text',
      label: 'Static member id',
      help: 'Kafka’s group.instance.id: this instance keeps its partitions while it restarts within the session time-out. Each instance needs one of its own: bind it to a property. Empty for none.',
      pattern: '[A-Za-z0-9._-]{1,249}',
    },
    startFrom: {
      kind: 'choice',
      label: 'Start from',
      help: 'Where a group begins that has no committed offset yet.',
      default: 'latest',
      choices: [
        { value: 'latest', label: 'Latest', help: 'Only records that arrive from now on' },
        { value: 'earliest', label: 'Earliest', help: 'Everything that the topic still holds' },
      ],
    },
    valueFormat: {
      kind: 'choice',
      label: 'Value format',
      help: 'How the bytes of a value become data. Nothing is decoded until an expression reads it.',
      default: 'auto',
      choices: formats,
    },
    keyFormat: {
      kind: 'choice',
      label: 'Key format',
      help: 'How the bytes of a key become data.',
      default: 'text',
      choices: formats,
    },
    ordering: {
      kind: 'choice',
      label: 'Order of jobs',
      help: 'Whether jobs of one partition wait for each other. Offsets are committed in order either way.',
      default: 'none',
      choices: [
        { value: 'none', label: 'At once', help: 'Up to the flow limit at the same time' },
        { value: 'partition', label: 'One after the other in a partition' },
      ],
    },
    onFailure: {
      kind: 'choice',
      label: 'When a job fails',
      help: 'What happens to the record of a job that failed without an error transition. As it stands nothing is lost and nothing loops: what may go well another time is tried again, what cannot is kept in a dead-letter topic, and the others go on.',
      default: 'dead-letter',
      choices: [
        {
          value: 'dead-letter',
          label: 'Retry, then dead letter',
          help: 'Its bytes go to a dead-letter topic with the cause in headers, then its offset is committed',
        },
        { value: 'retry', label: 'Retry, then stop', help: 'Its offset is not committed; a restart reads it again' },
        { value: 'skip', label: 'Log and go on', help: 'Its offset is committed as if it had been processed' },
      ],
    },
    deadLetterTopic: {
      kind: 'lookup',
      what: 'topic',
      label: 'Dead-letter topic',
      help: 'Where such records go, on the same cluster. Empty: the name of their topic with .dead-letter behind it. When it cannot be written, the process stops and the offset is not committed.',
      of: 'connection',
      visibleWhen: deadLetter,
    },
    failuresInRowMax: {
      kind: 'number',
      label: 'Dead letters in a row',
      help: 'After this many records in a row that failed the process stops: then it is not the records that are wrong.',
      default: 100,
      min: 1,
      max: 1_000_000,
      unit: 'records',
      integer: true,
      visibleWhen: deadLetter,
    },
    retries: {
      kind: 'number',
      label: 'Retries',
      help: 'How often the same record is tried again when its failure may pass (a broker that does not answer). A failure that cannot (a mapping that does not fit) is not tried again.',
      default: 3,
      min: 0,
      max: 1_000,
      unit: 'times',
      integer: true,
      visibleWhen: retry,
    },
    retryBackoffMs: {
      kind: 'number',
      label: 'Pause before a retry',
      help: 'Pause before the first retry; it doubles with every further one, up to a minute.',
      default: 1_000,
      min: 1,
      max: 60_000,
      unit: 'ms',
      integer: true,
      visibleWhen: retry,
    },
    flowLimit: flowLimitField,
    recordsPerFetchMax: {
      kind: 'number',
      label: 'Records per fetch',
      help: 'How many records of one fetch are held at most while jobs wait for room (max.poll.records).',
      default: 500,
      min: 1,
      max: 100_000,
      unit: 'records',
      integer: true,
      section: 'Advanced',
    },
    fetchMinBytes: {
      kind: 'number',
      label: 'Fetch at least',
      help: 'How much the broker collects before it answers (fetch.min.bytes).',
      default: 1,
      min: 1,
      max: 16_777_216,
      unit: 'bytes',
      integer: true,
      section: 'Advanced',
    },
    fetchWaitMsMax: {
      kind: 'number',
      label: 'Fetch wait',
      help: 'How long the broker waits for that much (fetch.max.wait.ms).',
      default: 500,
      min: 0,
      max: 60_000,
      unit: 'ms',
      integer: true,
      section: 'Advanced',
    },
    partitionFetchBytesMax: {
      kind: 'number',
      label: 'Fetch per partition',
      help: 'How much of one partition an answer may carry (max.partition.fetch.bytes).',
      default: 1_048_576,
      min: 1_024,
      max: 67_108_864,
      unit: 'bytes',
      integer: true,
      section: 'Advanced',
    },
    sessionTimeoutMs: {
      kind: 'number',
      label: 'Session timeout',
      help: 'A member that is silent for this long loses its partitions (session.timeout.ms).',
      default: 30_000,
      min: 6_000,
      max: 1_800_000,
      unit: 'ms',
      integer: true,
      section: 'Advanced',
    },
    heartbeatIntervalMs: {
      kind: 'number',
      label: 'Heartbeat interval',
      help: 'How often the member tells the group that it lives; a third of the session timeout or less.',
      default: 3_000,
      min: 100,
      max: 600_000,
      unit: 'ms',
      integer: true,
      below: 'sessionTimeoutMs',
      section: 'Advanced',
    },
    commitIntervalMs: {
      kind: 'number',
      label: 'Commit interval',
      help: 'How often the offsets of ended jobs are committed. After a crash at most this much is read again.',
      default: 1_000,
      min: 10,
      max: 60_000,
      unit: 'ms',
      integer: true,
      section: 'Advanced',
    },
  },
  input: {},
  output,
  ports: ({ config: { keyFormat, valueFormat } }) => {
    const { key, value } = output.properties;
    const properties = { ...output.properties, key: decoded(key, keyFormat), value: decoded(value, valueFormat) };
    return { output: { ...output, properties } };
  },
  faults: [
    {
      code: 'KAFKA_DECODE_FAILED',
      title: 'A value is not in the format that was declared',
      help: 'Choose Automatic or the right format, let the failure policy put the record aside, or send its bytes (raw.value) on over an error transition.',
    },
    {
      code: 'KAFKA_UNKNOWN_TOPIC',
      title: 'A topic does not exist',
      help: 'Create it, or correct its name.',
    },
    {
      code: 'KAFKA_CORRUPT_BATCH',
      title: 'What a broker keeps is damaged',
      help: 'Its checksum does not match. The process stops there and commits nothing; the message names topic, partition and offset.',
    },
    {
      code: 'RECORD_FAILED',
      title: 'The process cannot get past a record',
      help: 'Its job failed and When a job fails says to stop. Mend what failed, or run again and skip the record.',
    },
  ],
});
