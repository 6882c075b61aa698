import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** BusinessWorks' Sleep. */
export default defineActivity({
  type: 'general.sleep',
  title: 'Sleep',
  group: 'General',
  kind: 'activity',
  isRepeatable: true,
  summary: 'Lets time pass before the job goes on.',
  keywords: ['wait', 'delay', 'pause', 'timer', 'time-out', 'timeout'],
  suggestedId: 'sleep',
  config: {
    delayMs: {
      kind: 'number',
      label: 'Time',
      help: 'How long the job sleeps, unless the input says so.',
      default: 1_000,
      min: 0,
      max: 2_000_000_000,
      unit: 'ms',
    },
  },
  input: {
    delayMs: {
      label: 'Time',
      type: { type: 'number' },
      help: 'How long this job sleeps, in milliseconds; in the place of the setting.',
    },
  },
  output: { type: 'object', properties: { sleptMs: { type: 'number', description: 'How long it slept' } } },
  faults: [{ code: 'SLEEP_INVALID', title: 'No time', help: 'Map a number of milliseconds from 0 on.' }],
});
