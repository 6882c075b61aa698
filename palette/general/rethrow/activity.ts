import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** BusinessWorks' Rethrow: fails again with what was caught. */
export default defineActivity({
  type: 'general.rethrow',
  title: 'Rethrow',
  group: 'General',
  kind: 'activity',
  construct: 'rethrow',
  summary: 'Fails again with the failure that a Catch or an error wire took.',
  keywords: ['error', 'fail', 'exception', 'fault', 'throw', 'catch'],
  suggestedId: 'rethrow',
  config: {},
  input: {},
  output: { type: 'null' },
  faults: [],
});
