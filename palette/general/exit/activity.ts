import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** BusinessWorks' Exit: ends the job. */
export default defineActivity({
  type: 'general.exit',
  title: 'Exit',
  group: 'General',
  kind: 'activity',
  construct: 'exit',
  summary: 'Ends the whole job at once, and well.',
  keywords: ['end', 'stop', 'finish', 'terminate'],
  suggestedId: 'exit',
  config: {},
  input: {},
  output: { type: 'null' },
  faults: [],
});
