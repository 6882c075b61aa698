import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** BusinessWorks' For Each and Iterate: what is in it runs once for each item of a list. */
export default defineActivity({
  type: 'general.for-each',
  title: 'For Each',
  group: 'Groups',
  kind: 'scope',
  construct: 'for-each',
  summary: 'Runs what is in it once for each item of a list, one after the other or several at a time.',
  keywords: ['loop', 'iterate', 'list', 'items', 'parallel', 'group', 'accumulate'],
  suggestedId: 'each',
  config: {
    parallel: {
      kind: 'number',
      label: 'At a time',
      help: 'How many iterations may be under way at once; with 1 they run one after the other, in order.',
      default: 1,
      min: 1,
      max: 1_000,
      unit: 'iterations',
      integer: true,
    },
  },
  input: {
    items: {
      label: 'Items',
      type: { type: 'array', items: { type: 'any' } },
      required: true,
      help: 'The list. In the loop its own name gives the item and its number: each.item, each.index (from 0), each.count.',
    },
    collect: {
      label: 'Collect',
      type: { type: 'any' },
      reads: 'inside',
      help: 'What each iteration gives to the list of outputs; it reads what is in the loop. Empty: nothing is collected.',
    },
  },
  output: { type: 'object', properties: {} },
  faults: [],
});
