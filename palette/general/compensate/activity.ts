import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** BusinessWorks' Compensate: undoes completed scopes, the last first. */
export default defineActivity({
  type: 'general.compensate',
  title: 'Compensate',
  group: 'General',
  kind: 'activity',
  construct: 'compensate',
  summary: 'Undoes the scopes beside it that have completed, the last one first.',
  keywords: ['undo', 'rollback', 'saga', 'compensation'],
  suggestedId: 'compensate',
  config: {
    scope: {
      kind: 'text',
      label: 'Scope',
      help: 'Id of the scope to undo; empty for all that have completed.',
      placeholder: 'all of them',
    },
  },
  input: {},
  output: { type: 'object', properties: { undone: { type: 'integer', description: 'Scopes that were undone' } } },
  faults: [
    {
      code: 'COMPENSATIONS_TOO_MANY',
      title: 'Too much to undo',
      help: 'A loop has completed more scopes with a compensation than are kept; undo them sooner.',
    },
  ],
});
