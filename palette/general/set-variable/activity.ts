import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** BusinessWorks' Set Shared Variable, with changes that are one step. */
export default defineActivity({
  type: 'general.set-variable',
  title: 'Set Variable',
  group: 'General',
  kind: 'activity',
  summary: 'Changes a variable: sets it, adds to it, or appends to its list.',
  keywords: ['shared', 'state', 'write', 'global', 'job', 'counter', 'assign'],
  suggestedId: 'set',
  config: {
    variable: {
      kind: 'resource',
      label: 'Variable',
      help: 'The variable to change.',
      resourceType: 'general.variable',
      required: true,
    },
    change: {
      kind: 'choice',
      label: 'Change',
      help: 'Reading and writing are one step: no other job comes between.',
      default: 'set',
      choices: [
        { value: 'set', label: 'Set it to the value' },
        { value: 'add', label: 'Add the value to it', help: 'Both are numbers; nothing counts as 0' },
        { value: 'append', label: 'Append the value to its list' },
        { value: 'compare', label: 'Set it if it is as expected', help: 'Else it stays, and changed is false' },
      ],
    },
  },
  input: {
    value: { label: 'Value', type: { type: 'any' }, required: true, help: 'What it is set to, or what is added.' },
    expected: {
      label: 'Expected',
      type: { type: 'any' },
      help: 'Of "Set it if it is as expected": what it must hold.',
    },
  },
  output: {
    type: 'object',
    properties: {
      value: { type: 'any', description: 'What it holds now' },
      previous: { type: 'any', description: 'What it held before' },
      changed: { type: 'boolean' },
    },
  },
  faults: [{ code: 'VARIABLE_TYPE', title: 'Wrong type', help: 'Give it what its type allows.' }],
});
