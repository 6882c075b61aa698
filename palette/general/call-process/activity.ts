import { defineActivity } from '../../../engine/spi/define-activity.ts';

/** BusinessWorks' Call Process: another process as one activity. */
export default defineActivity({
  type: 'general.call-process',
  title: 'Call Process',
  group: 'General',
  kind: 'activity',
  construct: 'call',
  summary: 'Runs another process of the project and goes on with what it returns, or starts a job of its own for it.',
  keywords: ['subprocess', 'invoke', 'spawn', 'function', 'reuse'],
  suggestedId: 'call',
  config: {
    process: {
      kind: 'process',
      label: 'Process',
      help: 'A process that begins with a Start. Its input is mapped under Input.',
      required: true,
    },
    mode: {
      kind: 'choice',
      label: 'Run it',
      help: 'Whether this job waits for it.',
      default: 'inline',
      choices: [
        {
          value: 'inline',
          label: 'In this job',
          help: 'It is part of the job, which goes on with its output; its failure is the failure of the call',
        },
        {
          value: 'spawn',
          label: 'As a job of its own',
          help: 'This job goes on at once; the other one ends well or not by itself, and is lost with the engine',
        },
      ],
    },
    byName: {
      kind: 'boolean',
      label: 'Name from data',
      help: 'Which process is called comes from the input; the one above says what goes in and comes out, and is called when there is no name.',
      default: false,
      section: 'Advanced',
    },
  },
  input: {
    processName: {
      label: 'Process name',
      type: { type: 'string' },
      help: 'The id of the process to call: its file name without the ending.',
    },
  },
  openInput: true,
  output: { type: 'any' },
  faults: [
    {
      code: 'CALLED_PROCESS_UNKNOWN',
      title: 'No such process',
      help: 'The name must be that of a process of the project that begins with a Start.',
    },
    {
      code: 'CALL_INPUT_INVALID',
      title: 'Input not as declared',
      help: 'Map what the Start of the called process declares.',
    },
    {
      code: 'CALL_OUTPUT_INVALID',
      title: 'Output not as declared',
      help: 'Let the Return give what the Start of the called process declares.',
    },
    { code: 'CALLS_TOO_DEEP', title: 'Calls too deep', help: 'A process calls itself without an end.' },
    { code: 'SPAWN_LIMIT', title: 'Too many jobs', help: 'Raise the flow limit of the Start of the called process.' },
  ],
});
