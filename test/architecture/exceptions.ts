/** Sources that may break the size limits for now. This list only gets shorter. */
export const sizeExceptions: readonly string[] = [];

/** What programs, pages and workers start with, and what a build reads: nothing imports these. Their module-level state is the process's. */
export const entries: readonly string[] = [
  'electron/main/main.ts',
  'electron/preload/preload.ts',
  'engine/broker/node/main.ts',
  'engine/cli/main.ts',
  'engine/studio/run-process.ts',
  'engine/testing/main.ts',
  'renderer/app/main.tsx',
  'renderer/editors/preview-worker.ts',
  'scripts',
  // One file for each of Kafka's messages and records, used here or not: their tests compare all of them with Kafka's definitions.
  'engine/protocol/schemas',
];

/** Built and tested, and not yet imported by any program: each goes from here with its first use. */
export const unusedYet: readonly string[] = [];

/** Module-level state that may be, as `path#name`, each with its reason. This list only gets shorter. */
export const moduleStateExceptions: Readonly<Record<string, string>> = {
  'engine/broker/log/checks/client-batch-check.ts#recordScan': 'scratch of one synchronous check: no object per batch',
  'engine/broker/log/checks/client-batch-check.ts#rules': 'scratch of one synchronous check: no object per batch',
  'engine/broker/node/metrics/response-errors.ts#visits': 'what a schema, which never changes, was compiled to',
  'engine/expressions/functions/time-zone.ts#formatters': 'cache of a pure function, bounded',
  'engine/expressions/interpreter/turns.ts#turnsOfClock': 'one per clock, held by the clock: a run has its own',
  'engine/formats/json-null.ts#jsonNull': 'a constant without fields, known by its identity',
  'engine/formats/parse-text.ts#marks': 'a counter: no mark is ever used twice, whoever parses',
  'engine/host/collect-garbage.ts#collect': 'the one collector of the process',
  'engine/host/collect-garbage.ts#isPlanned': 'the one collector of the process',
  'engine/host/folder-lock.ts#lockedHere':
    'the locks of the process: two brokers in one process must not share a folder',
  'engine/protocol/writer.ts#spares': 'rests of chunks, each owned by one writer at a time: no allocation per message',
  'engine/records/crc32c.ts#native': 'the native module, loaded once per process when it pays',
  'engine/records/crc32c.ts#portableBytes': 'decides when the native module pays',
  'engine/records/encode-produced.ts#sizes': 'scratch between two synchronous calls: no array per batch',
  'engine/records/record-scan.ts#next': 'second result of a synchronous function: no object per varint',
  'palette/file/read-records/array-path.ts#segmentPattern': 'a sticky pattern, placed before each use',
  'renderer/editors/expression-language.ts#scopes':
    'by editor model, held by the model: Monaco has one registry per page',
  'renderer/editors/preview-in-worker.ts#runner': 'the one worker of the page',
  'renderer/kit/svg-icon.tsx#parsedIcons': 'cache of a pure function, bounded',
};
