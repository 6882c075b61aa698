import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** BusinessWorks' While: iterations for as long as a condition holds. */
export default defineActivity({
  type: 'general.while',
  title: 'While',
  group: 'Groups',
  kind: 'scope',
  construct: 'while',
  summary: 'Runs what is in it again and again for as long as a condition holds; perhaps not even once.',
  keywords: ['loop', 'condition', 'repeat', 'group'],
  suggestedId: 'while',
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
    condition: {
      label: 'Condition',
      type: { type: 'boolean' },
      required: true,
      reads: 'loop',
      help: 'Looked at before each iteration. The loop’s own name gives its number and what the last one gave: while.index, while.last.fetch.more.',
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
