import type { ConfigFields } from '../../../../engine/spi/fields.ts';

const retry = { field: 'onFailure', is: ['dead-letter', 'retry'] } as const;
const deadLetter = { field: 'onFailure', is: ['dead-letter'] } as const;

/** What becomes of the record of a job that failed. */
export const failureFields = {
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
} as const satisfies ConfigFields;
