import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** BusinessWorks' Repeat on Error, with what it lacks: waits that grow, and failures that are not worth another try. */
export default defineActivity({
  type: 'general.repeat-on-error',
  title: 'Repeat on Error',
  group: 'Groups',
  kind: 'scope',
  construct: 'repeat-on-error',
  summary: 'Runs what is in it again when it fails, after a wait that grows from one try to the next.',
  keywords: ['retry', 'again', 'back-off', 'attempts', 'error', 'loop', 'group'],
  suggestedId: 'retry',
  config: {
    attempts: {
      kind: 'number',
      label: 'Tries',
      help: 'How often what is inside may run, the first time among them.',
      default: 3,
      min: 1,
      max: 1_000_000,
      unit: 'tries',
      integer: true,
    },
    which: {
      kind: 'choice',
      label: 'Try again after',
      help: 'Which failures are worth another try.',
      default: 'all',
      choices: [
        { value: 'all', label: 'Any failure' },
        {
          value: 'retriable',
          label: 'Failures that may pass',
          help: 'Those that say of themselves that they are retriable',
        },
      ],
    },
    delayMs: {
      kind: 'number',
      label: 'First wait',
      help: 'Time from the first failure to the second try.',
      default: 1_000,
      min: 0,
      max: 86_400_000,
      unit: 'ms',
    },
    factor: {
      kind: 'number',
      label: 'Growth',
      help: 'How many times as long as the wait before it each wait is; 1 keeps it the same.',
      default: 2,
      min: 1,
      max: 10,
    },
    delayMsMax: {
      kind: 'number',
      label: 'Longest wait',
      help: 'No wait is longer than this.',
      default: 60_000,
      min: 0,
      max: 86_400_000,
      unit: 'ms',
    },
    jitter: {
      kind: 'number',
      label: 'Chance',
      help: 'Share by which each wait is shorter or longer by chance, so that many jobs do not come back at the same moment.',
      default: 0.2,
      min: 0,
      max: 1,
      section: 'Advanced',
    },
  },
  input: {
    until: {
      label: 'Give up when',
      type: { type: 'boolean' },
      reads: 'inside',
      help: 'Looked at after a failure: when it holds there is no other try. It reads error.code and what was in the scope.',
    },
  },
  output: { type: 'object', properties: {} },
  faults: [],
});
