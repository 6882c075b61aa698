import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** BusinessWorks' Throw: fails with a code of the user's own. */
export default defineActivity({
  type: 'general.throw',
  title: 'Throw',
  group: 'General',
  kind: 'activity',
  isRepeatable: true,
  summary: 'Fails, with a code and a message of your own.',
  keywords: ['error', 'fail', 'exception', 'fault', 'raise'],
  suggestedId: 'throw',
  config: {
    code: {
      kind: 'text',
      label: 'Code',
      help: 'What a Catch names it by: letters, digits and underscores.',
      default: 'APPLICATION_ERROR',
      pattern: '[A-Za-z][A-Za-z0-9_.-]{0,99}',
    },
    retriable: {
      kind: 'boolean',
      label: 'May pass',
      help: 'Whether the same job may succeed when it is tried again; Repeat on Error and the starter go by it.',
      default: false,
    },
  },
  input: {
    message: { label: 'Message', type: { type: 'string' }, required: true, help: 'What went wrong, in a sentence.' },
    data: { label: 'Data', type: { type: 'any' }, help: 'More for whoever catches it: error.details.data.' },
  },
  output: { type: 'null' },
  faults: [{ code: 'APPLICATION_ERROR', title: 'Thrown', help: 'It was thrown on purpose; its message says why.' }],
});
