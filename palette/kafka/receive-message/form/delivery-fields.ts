import type { ConfigFields } from '../../../../engine/spi/fields.ts';

const inGroup = { field: 'readAs', is: ['group'] } as const;
const exactlyOnce = { field: 'delivery', is: ['exactly-once'] } as const;

/** What a crash may do, and the transactions of exactly once. */
export const deliveryFields = {
  delivery: {
    kind: 'choice',
    label: 'Delivery',
    help: 'What a crash may do. Exactly once: the offset of a record and everything that its job sends to the same cluster become visible together, in one Kafka transaction, or not at all; readers of committed records see each result once. It holds for Kafka alone: activities with an effect elsewhere are refused.',
    default: 'at-least-once',
    choices: [
      {
        value: 'at-least-once',
        label: 'At least once',
        help: 'After a crash the jobs of the last moment run again, and what they sent is there twice',
      },
      { value: 'exactly-once', label: 'Exactly once', help: 'Needs a cluster that serves transactions' },
    ],
    visibleWhen: inGroup,
  },
  transactionalId: {
    kind: 'text',
    label: 'Transactional id',
    help: 'Kafka’s transactional.id: a restart under the same one fences the instance before it and ends what that left open at once. Each instance needs one of its own: bind it to a property. Empty: a new one for each start; what a killed instance left then holds up its partitions for the transaction timeout.',
    pattern: '[A-Za-z0-9._-]{1,249}',
    visibleWhen: exactlyOnce,
  },
  transactionRecordsMax: {
    kind: 'number',
    label: 'Records per transaction',
    help: 'How many jobs share a transaction at most. It ends earlier when there is nothing to do; more in one cost less each.',
    default: 5_000,
    min: 1,
    max: 100_000,
    unit: 'records',
    integer: true,
    visibleWhen: exactlyOnce,
    section: 'Advanced',
  },
  transactionWaitMsMax: {
    kind: 'number',
    label: 'Transaction time',
    help: 'After this long no more jobs join a transaction: it ends when those in it have ended.',
    default: 100,
    min: 1,
    max: 60_000,
    unit: 'ms',
    integer: true,
    visibleWhen: exactlyOnce,
    section: 'Advanced',
  },
  transactionTimeoutMs: {
    kind: 'number',
    label: 'Transaction timeout',
    help: 'The cluster gives up a transaction that takes longer (transaction.timeout.ms); its jobs run again. Longer than any job.',
    default: 30_000,
    min: 1_000,
    max: 900_000,
    unit: 'ms',
    integer: true,
    visibleWhen: exactlyOnce,
    section: 'Advanced',
  },
} as const satisfies ConfigFields;
