import { defineActivity } from '../../../engine/spi/define-activity.ts';
import { flowLimitField } from '../../../engine/spi/flow-limit-field.ts';
import { deliveryFields } from './form/delivery-fields.ts';
import { failureFields } from './form/failure-fields.ts';
import { fetchFields } from './form/fetch-fields.ts';
import { decoded, output } from './form/output.ts';

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
const byName = { field: 'subscribe', is: ['topics'] } as const;
const byPattern = { field: 'subscribe', is: ['pattern'] } as const;
const inGroup = { field: 'readAs', is: ['group'] } as const;
const exactlyOnce = { field: 'delivery', is: ['exactly-once'] } as const;

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
    readAs: {
      kind: 'choice',
      label: 'Read as',
      help: 'How instances share the work. In a queue records go to whoever is free, whatever their partition: more instances than partitions help, and there is no order.',
      default: 'group',
      choices: [
        { value: 'group', label: 'Consumer group', help: 'Each partition belongs to one instance, in order' },
        {
          value: 'queue',
          label: 'Queue (share group)',
          help: 'Each record is handed to one instance at a time until it is dealt with (KIP-932)',
        },
      ],
    },
    subscribe: {
      kind: 'choice',
      label: 'Subscribe to',
      help: 'Topics by their names, or all whose name fits a pattern.',
      default: 'topics',
      choices: [
        { value: 'topics', label: 'Topics' },
        { value: 'pattern', label: 'A pattern', help: 'Also topics that are made later; not in a queue' },
      ],
    },
    topics: {
      kind: 'lookup',
      what: 'topic',
      label: 'Topics',
      help: 'The topics to read; every record of each becomes a job.',
      of: 'connection',
      multiple: true,
      required: true,
      visibleWhen: byName,
    },
    topicPattern: {
      kind: 'text',
      label: 'Topic pattern',
      help: 'A regular expression that the whole name of a topic must match. Topics of the cluster itself never do.',
      placeholder: 'orders-.*',
      required: true,
      visibleWhen: byPattern,
    },
    groupId: {
      kind: 'text',
      label: 'Group id',
      help: 'Consumer group, or share group of a queue. Runs with the same group id share the partitions; its committed offsets say where to go on.',
      pattern: '[A-Za-z0-9._-]{1,249}',
      required: true,
    },
    staticMemberId: {
      kind: 'text',
      label: 'Static member id',
      help: 'Kafka’s group.instance.id: this instance keeps its partitions while it restarts within the session time-out. Each instance needs one of its own: bind it to a property. Empty for none.',
      pattern: '[A-Za-z0-9._-]{1,249}',
      visibleWhen: inGroup,
    },
    groupProtocol: {
      kind: 'choice',
      label: 'Group protocol',
      help: 'Who assigns partitions (group.protocol). Members of both may be in one group.',
      default: 'classic',
      choices: [
        { value: 'classic', label: 'Classic', help: 'A member assigns; every cluster serves it' },
        {
          value: 'consumer',
          label: 'Consumer',
          help: 'The cluster assigns and nobody stops for a rebalance (KIP-848); Kafka 4.0 or newer',
        },
      ],
      visibleWhen: inGroup,
      section: 'Advanced',
    },
    isolation: {
      kind: 'choice',
      label: 'Isolation level',
      help: 'Whether records of transactions are read before these are committed (isolation.level).',
      default: 'read_committed',
      choices: [
        {
          value: 'read_committed',
          label: 'Committed',
          help: 'Only records of committed transactions, and those written without one',
        },
        { value: 'read_uncommitted', label: 'Uncommitted', help: 'Everything at once, also what is given up later' },
      ],
      visibleWhen: { field: 'delivery', is: ['at-least-once'] },
      section: 'Advanced',
    },
    startFrom: {
      kind: 'choice',
      label: 'Start from',
      help: 'Where a group begins that has no committed offset yet.',
      default: 'latest',
      choices: [
        { value: 'latest', label: 'Latest', help: 'Only records that arrive from now on' },
        { value: 'earliest', label: 'Earliest', help: 'Everything that the topic still holds' },
        { value: 'time', label: 'A time', help: 'The first record at or after it; only what is new where none is' },
      ],
      visibleWhen: inGroup,
    },
    startTime: {
      kind: 'text',
      label: 'Start time',
      help: 'An ISO 8601 time such as 2026-11-28T06:00:00Z.',
      placeholder: '2026-11-28T06:00:00Z',
      required: true,
      visibleWhen: { field: 'startFrom', is: ['time'] },
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
      visibleWhen: inGroup,
    },
    ...deliveryFields,
    ...failureFields,
    flowLimit: flowLimitField,
    ...fetchFields,
  },
  input: {},
  output,
  transaction: { of: 'connection', when: exactlyOnce },
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
      code: 'KAFKA_PRODUCER_FENCED',
      title: 'Another instance uses the same transactional id',
      help: 'The newer one goes on. Give each instance a transactional id of its own.',
    },
    {
      code: 'RECORD_FAILED',
      title: 'The process cannot get past a record',
      help: 'Its job failed and When a job fails says to stop. Mend what failed, or run again and skip the record.',
    },
  ],
});
