import { defineActivity } from '../../../engine/spi/define-activity.ts';
import { errorType } from '../../../engine/spi/value-type.ts';

/** BusinessWorks' Catch All Faults: where a scope goes on when something in it has failed. */
export default defineActivity({
  type: 'general.catch',
  title: 'Catch',
  group: 'General',
  kind: 'catch',
  summary:
    'Begins the branch of a Scope that runs when an activity in it fails and no error transition takes the failure.',
  keywords: ['error', 'exception', 'fault', 'handler', 'try', 'scope'],
  suggestedId: 'catch',
  config: {},
  input: {},
  output: errorType,
  faults: [],
});
