import { defineActivity } from '../../../engine/spi/define-activity.ts';
import { flowLimitField } from '../../../engine/spi/flow-limit-field.ts';

/** Process starter: one job per tick. Fields follow BusinessWorks' Timer. */
export default defineActivity({
  type: 'general.timer',
  title: 'Timer',
  group: 'General',
  kind: 'starter',
  summary: 'Starts a job at a steady interval.',
  keywords: ['schedule', 'interval', 'cron', 'tick', 'trigger'],
  suggestedId: 'timer',
  config: {
    intervalMs: {
      kind: 'number',
      label: 'Interval',
      help: 'Time from one job to the next.',
      default: 1_000,
      min: 1,
      max: 86_400_000,
      unit: 'ms',
      integer: true,
    },
    startImmediately: {
      kind: 'boolean',
      label: 'Start immediately',
      help: 'The first job starts with the process, not one interval later.',
      default: true,
    },
    count: {
      kind: 'number',
      label: 'Number of jobs',
      help: 'Stops after this many jobs; 0 goes on until the process is stopped.',
      default: 0,
      min: 0,
      max: 1_000_000_000,
      unit: 'jobs',
      integer: true,
    },
    flowLimit: flowLimitField,
  },
  input: {},
  output: {
    type: 'object',
    properties: {
      count: { type: 'integer', description: 'Number of this tick, from 1' },
      timestamp: { type: 'integer', description: 'Milliseconds since 1970' },
      time: { type: 'string', description: 'The same as ISO 8601 in UTC' },
    },
  },
  faults: [],
});
