import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** BusinessWorks' Repeat (Repeat Until True): iterations until a condition holds, at least one. */
export default defineActivity({
  type: 'general.repeat',
  title: 'Repeat',
  group: 'Groups',
  kind: 'scope',
  construct: 'repeat',
  summary: 'Runs what is in it again and again until a condition holds; at least once.',
  keywords: ['loop', 'until', 'condition', 'poll', 'group'],
  suggestedId: 'repeat',
  config: {
    roundsMax: {
      kind: 'number',
      label: 'Most iterations',
      help: 'The loop fails when it has not ended after so many, so that a condition that never comes true is found.',
      default: 100_000,
      min: 1,
      max: 1_000_000_000,
      unit: 'iterations',
      integer: true,
      section: 'Advanced',
    },
  },
  input: {
    until: {
      label: 'Until',
      type: { type: 'boolean' },
      required: true,
      reads: 'inside',
      help: 'Looked at after each iteration, over what was in it: the loop ends when it holds.',
    },
    collect: {
      label: 'Collect',
      type: { type: 'any' },
      reads: 'inside',
      help: 'What each iteration gives to the list of outputs; it reads what is in the loop. Empty: nothing is collected.',
    },
  },
  output: { type: 'object', properties: {} },
  faults: [
    {
      code: 'ITERATIONS_TOO_MANY',
      title: 'Too many iterations',
      help: 'Check the condition, or allow more iterations.',
    },
  ],
});
