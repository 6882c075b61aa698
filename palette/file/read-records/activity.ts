import { defineActivity } from '../../../engine/spi/define-activity.ts';
import { flowLimitField } from '../../../engine/spi/flow-limit-field.ts';

const csv = { field: 'format', is: ['csv'] } as const;

/** Process starter with an end: one job per record of a file. */
export default defineActivity({
  type: 'file.read-records',
  title: 'ReadRecords',
  group: 'File',
  kind: 'starter',
  summary: 'Starts a job for every record of a file, at a chosen rate, and ends with the file.',
  keywords: ['json', 'csv', 'lines', 'import', 'replay', 'feed', 'load', 'trigger'],
  suggestedId: 'read',
  config: {
    path: {
      kind: 'file',
      label: 'File',
      help: 'Path inside the project folder.',
      placeholder: 'data/records.json',
      extensions: ['json', 'jsonl', 'ndjson', 'geojson', 'csv'],
      required: true,
    },
    format: {
      kind: 'choice',
      label: 'Format',
      help: 'How records stand in the file.',
      default: 'json-lines',
      choices: [
        { value: 'json-lines', label: 'JSON lines', help: 'One JSON value per line' },
        { value: 'json', label: 'JSON array', help: 'One document that holds an array' },
        { value: 'csv', label: 'CSV', help: 'Rows of values; RFC 4180' },
      ],
    },
    recordsPath: {
      kind: 'text',
      label: 'Path to the array',
      help: 'Names with dots, such as features; empty when the document itself is the array.',
      placeholder: 'features',
      visibleWhen: { field: 'format', is: ['json'] },
    },
    delimiter: {
      kind: 'choice',
      label: 'Delimiter',
      help: 'What separates the values of a row.',
      default: ',',
      choices: [
        { value: ',', label: 'Comma' },
        { value: ';', label: 'Semicolon' },
        { value: '\t', label: 'Tab' },
        { value: '|', label: 'Bar' },
      ],
      visibleWhen: csv,
    },
    header: {
      kind: 'boolean',
      label: 'First row has names',
      help: 'Records are objects with these names; otherwise they are arrays of text.',
      default: true,
      visibleWhen: csv,
    },
    orderBy: {
      kind: 'expression',
      label: 'Sort by',
      help: 'Number or text of each record by which they are sorted before the first job; empty keeps the order of the file.',
      scope: 'a record of the file',
      placeholder: 'properties.time',
    },
    ratePerSecond: {
      kind: 'number',
      label: 'Rate',
      help: 'How many jobs start each second; 0 starts them as fast as the flow limit lets.',
      default: 0,
      min: 0,
      max: 1_000_000,
      unit: 'records/s',
    },
    flowLimit: flowLimitField,
    fileBytesMax: {
      kind: 'number',
      label: 'Largest file',
      help: 'A larger file is refused. JSON arrays and sorted files are held in memory, other files are streamed.',
      default: 268_435_456,
      min: 1,
      max: 1_099_511_627_776,
      unit: 'bytes',
      integer: true,
      section: 'Advanced',
    },
  },
  input: {},
  output: {
    type: 'object',
    properties: {
      record: { type: 'any', description: 'The record' },
      index: { type: 'integer', description: 'Number of the record in the order of its job, from 0' },
      file: { type: 'string', description: 'The path as it stands in the settings' },
    },
  },
  faults: [
    {
      code: 'FILE_NOT_FOUND',
      title: 'The file does not exist',
      help: 'Check the path; it starts in the project folder.',
    },
    { code: 'FILE_TOO_LARGE', title: 'The file is larger than allowed', help: 'Raise the limit, or split the file.' },
    { code: 'FILE_READ_FAILED', title: 'The file cannot be read', help: 'The message names the system’s own error.' },
    {
      code: 'FILE_FORMAT',
      title: 'A record is not in the format that was declared',
      help: 'The message names the line or the record.',
    },
  ],
});
