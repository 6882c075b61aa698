import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** Writes one line to the log of the run. */
export default defineActivity({
  type: 'general.log',
  title: 'Log',
  group: 'General',
  kind: 'activity',
  isRepeatable: true,
  summary: 'Writes a line to the log of the run.',
  keywords: ['print', 'console', 'trace', 'message'],
  suggestedId: 'log',
  config: {
    level: {
      kind: 'choice',
      label: 'Level',
      help: 'How important the line is; a run shows lines at or above its own level.',
      default: 'info',
      choices: [
        { value: 'debug', label: 'Debug' },
        { value: 'info', label: 'Info' },
        { value: 'warn', label: 'Warning' },
        { value: 'error', label: 'Error' },
      ],
    },
  },
  input: {
    message: {
      label: 'Message',
      type: { type: 'string' },
      required: true,
      help: 'The text of the line; data that is not text is written as JSON.',
    },
    data: { label: 'Data', type: { type: 'any' }, help: 'More data for the reader, kept beside the text.' },
  },
  output: { type: 'object', properties: { message: { type: 'string' } } },
  faults: [],
});
