import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** BusinessWorks' compensation handler of a scope. */
export default defineActivity({
  type: 'general.compensation',
  title: 'Compensation',
  group: 'Groups',
  kind: 'catch',
  construct: 'compensation',
  summary: 'Begins the branch of a Scope that undoes it, once it has completed and a Compensate asks for it.',
  keywords: ['undo', 'rollback', 'saga', 'compensate', 'scope'],
  suggestedId: 'undo',
  config: {},
  input: {},
  output: { type: 'null' },
  faults: [],
});
