import { defineActivity } from '../../../engine/spi/define-activity.ts';
import { errorType } from '../../../engine/spi/value-type.ts';

/** BusinessWorks' Catch Specific Fault and Catch All Faults: where a scope or a process goes on when something in it has failed. */
export default defineActivity({
  type: 'general.catch',
  title: 'Catch',
  group: 'Groups',
  kind: 'catch',
  summary:
    'Begins the branch of a scope or a process that runs when an activity in it fails and no error transition takes the failure.',
  keywords: ['error', 'exception', 'fault', 'handler', 'try', 'scope'],
  suggestedId: 'catch',
  config: {
    codes: {
      kind: 'text',
      label: 'Codes',
      help: 'Which failures it takes: codes with commas between them, NET_* for all that begin so. Empty: every failure that no other Catch names.',
      placeholder: 'every failure',
    },
  },
  input: {},
  output: errorType,
  faults: [],
});
