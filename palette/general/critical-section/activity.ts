import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** BusinessWorks' Critical Section: one job at a time. */
export default defineActivity({
  type: 'general.critical-section',
  title: 'Critical Section',
  group: 'Groups',
  kind: 'scope',
  construct: 'critical-section',
  summary: 'Lets one job at a time into it; the others wait, in the order in which they came.',
  keywords: ['lock', 'mutex', 'synchronise', 'exclusive', 'group'],
  suggestedId: 'section',
  config: {
    lock: {
      kind: 'text',
      label: 'Lock',
      help: 'Sections with the same lock keep each other out, in all processes of the run.',
      default: 'default',
    },
  },
  input: {},
  output: { type: 'object', properties: {} },
  faults: [],
});
