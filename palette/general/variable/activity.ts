import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** BusinessWorks' Job and Module Shared Variable: a named value that activities share. */
export default defineActivity({
  type: 'general.variable',
  title: 'Variable',
  group: 'General',
  kind: 'resource',
  summary: 'A named value that Get Variable and Set Variable share.',
  keywords: ['shared', 'state', 'counter', 'global', 'job'],
  suggestedId: 'variable',
  config: {
    scope: {
      kind: 'choice',
      label: 'Shared by',
      help: 'Who sees the same value.',
      default: 'job',
      choices: [
        { value: 'job', label: 'The activities of one job', help: 'Every job begins with the initial value' },
        { value: 'process', label: 'All jobs of a process' },
        { value: 'project', label: 'All processes of the run' },
      ],
    },
    type: {
      kind: 'choice',
      label: 'Type',
      help: 'What it may hold; anything else is refused.',
      default: 'any',
      choices: [
        { value: 'any', label: 'Anything' },
        { value: 'string', label: 'Text' },
        { value: 'number', label: 'Number' },
        { value: 'integer', label: 'Whole number' },
        { value: 'boolean', label: 'True or false' },
        { value: 'array', label: 'List' },
        { value: 'object', label: 'Object' },
      ],
    },
    initial: {
      kind: 'expression',
      label: 'Initial value',
      help: 'What it holds before it is set: an expression without data, such as 0 or [] or "none".',
      scope: 'nothing',
    },
    keep: {
      kind: 'boolean',
      label: 'Keep for the next run',
      help: 'Each change is written to the project’s folder on this machine, which takes milliseconds.',
      default: false,
      visibleWhen: { field: 'scope', is: ['process', 'project'] },
      section: 'Advanced',
    },
  },
  input: {},
  output: { type: 'null' },
  faults: [],
});
