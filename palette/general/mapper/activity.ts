import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** Shapes data: each input field that the user adds becomes a field of the output. */
export default defineActivity({
  type: 'general.mapper',
  title: 'Mapper',
  group: 'General',
  kind: 'activity',
  isRepeatable: true,
  summary: 'Makes a new shape from the job’s data; its output has exactly the fields that are mapped here.',
  keywords: ['transform', 'map', 'convert', 'assign', 'jsonata'],
  suggestedId: 'map',
  config: {},
  input: {},
  openInput: true,
  output: 'input',
  faults: [],
});
