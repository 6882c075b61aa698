import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** BusinessWorks' End of a subprocess: what goes back to the caller. */
export default defineActivity({
  type: 'general.return',
  title: 'Return',
  group: 'General',
  kind: 'activity',
  construct: 'return',
  summary: 'Ends the process that it stands in and hands its caller what is mapped here.',
  keywords: ['end', 'subprocess', 'output', 'result', 'call'],
  suggestedId: 'return',
  config: {},
  input: {},
  openInput: true,
  output: { type: 'any' },
  faults: [],
});
