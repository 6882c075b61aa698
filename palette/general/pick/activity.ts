import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** BusinessWorks 5's Pick First: of several events the first one counts. */
export default defineActivity({
  type: 'general.pick',
  title: 'Pick First',
  group: 'Groups',
  kind: 'scope',
  construct: 'pick',
  summary: 'Waits for several events at once: the first that comes goes on, the others are given up.',
  keywords: ['race', 'first', 'timeout', 'time-out', 'event', 'wait', 'group'],
  suggestedId: 'pick',
  config: {},
  input: {},
  output: { type: 'object', properties: {} },
  faults: [],
});
