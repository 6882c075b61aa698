import { defineActivity } from '../../../engine/spi/define-activity.ts';
import { flowLimitField } from '../../../engine/spi/flow-limit-field.ts';

/** BusinessWorks' Start of a subprocess: what a caller hands over, and what it gets. */
export default defineActivity({
  type: 'general.start',
  title: 'Start',
  group: 'General',
  kind: 'starter',
  construct: 'start',
  summary: 'Begins a process that others call, and declares what goes into it and what comes out.',
  keywords: ['subprocess', 'call', 'input', 'begin', 'function', 'parameters'],
  suggestedId: 'input',
  config: {
    input: {
      kind: 'record',
      label: 'Input',
      help: 'What a caller hands over: fields and their types; an optional one may be left out. Without fields anything is taken.',
    },
    output: {
      kind: 'record',
      label: 'Output',
      help: 'What a Return hands back. Without fields anything is.',
    },
    flowLimit: flowLimitField,
  },
  input: {},
  output: { type: 'any' },
  faults: [],
});
