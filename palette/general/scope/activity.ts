import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** BusinessWorks' Scope: activities that run as one, with one place that catches what fails among them. */
export default defineActivity({
  type: 'general.scope',
  title: 'Scope',
  group: 'Groups',
  kind: 'scope',
  summary: 'Holds activities that run as one; a Catch in it handles what fails among them.',
  keywords: ['group', 'block', 'try', 'catch', 'error', 'exception', 'fault'],
  suggestedId: 'scope',
  config: {},
  input: {},
  output: { type: 'object', properties: {} },
  faults: [],
});
