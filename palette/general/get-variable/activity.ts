import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** BusinessWorks' Get Shared Variable. */
export default defineActivity({
  type: 'general.get-variable',
  title: 'Get Variable',
  group: 'General',
  kind: 'activity',
  isRepeatable: true,
  summary: 'Reads a variable.',
  keywords: ['shared', 'state', 'read', 'global', 'job'],
  suggestedId: 'get',
  config: {
    variable: {
      kind: 'resource',
      label: 'Variable',
      help: 'The variable to read.',
      resourceType: 'general.variable',
      required: true,
    },
  },
  input: {},
  output: { type: 'object', properties: { value: { type: 'any' } } },
  faults: [],
});
