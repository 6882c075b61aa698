/** A module and what its sources may import besides themselves. The first rule whose folder fits a path decides. */
export interface ImportRule {
  /** Path prefix; `*` stands for one folder or file name. */
  readonly module: string;
  /** Path prefixes inside the project; a bare file is named with its ending. Each must be needed by some source. */
  readonly mayImport: readonly string[];
  /** Packages, by name; `node:` stands for all of Node. Undefined: any package. */
  readonly packages?: readonly string[];
  /** What its tests and its `testing/` may import besides; `test/kit` is open to all of them. */
  readonly testsMayImport?: readonly string[];
}

const base = 'engine/base';
const model = 'engine/model';
const spi = 'engine/spi';
const formats = 'engine/formats';
const expressions = 'engine/expressions';
const protocol = 'engine/protocol';
const records = 'engine/records';
const kafka = 'engine/kafka';
const host = 'engine/host';
const raft = 'engine/broker/raft';
const controller = 'engine/broker/controller';
const quota = 'engine/broker/quota';
const security = 'engine/broker/security';
const coordinator = 'engine/broker/coordinator';
const txn = 'engine/broker/txn';
const group = 'engine/broker/group';
const log = 'engine/broker/log';
const replica = 'engine/broker/replica';
const api = 'engine/broker/api';
const contract = 'engine/studio/contract.ts';
const studioProtocol = 'engine/studio/studio-protocol.ts';
const rpc = 'engine/rpc';
const defineContract = 'engine/rpc/define-contract.ts';
const runContract = 'engine/run/run-contract.ts';
const fields = 'engine/spi/fields.ts';
const recordPlace = 'engine/spi/record-place.ts';
const catalog = 'palette/catalog.ts';
const runtimes = 'palette/runtimes.ts';
const kit = 'renderer/kit';
const edits = 'renderer/edits';
const store = 'renderer/store';
const commands = 'renderer/commands';
const pure: readonly string[] = [];

/**
 * What ARCHITECTURE.md, section "Import directions", and the README pages say: both are checked against this list, and
 * `node test/architecture/write-import-pages.ts` writes them from it.
 */
export const importTable: readonly ImportRule[] = [
  { module: base, mayImport: [], packages: pure },
  { module: host, mayImport: [base], packages: ['node:'] },
  { module: model, mayImport: [base], packages: ['zod'], testsMayImport: [expressions] },
  { module: formats, mayImport: [base], packages: ['node:'] },
  { module: defineContract, mayImport: [], packages: ['zod'] },
  { module: rpc, mayImport: [base], packages: ['zod'] },
  { module: recordPlace, mayImport: [], packages: ['zod'] },
  { module: spi, mayImport: [base, model], packages: pure },
  { module: expressions, mayImport: [base, formats, model, spi], packages: ['jsonata', 're2js'] },
  { module: 'engine/process', mayImport: [base, formats, model, expressions, spi], packages: pure },
  { module: protocol, mayImport: [base], packages: pure, testsMayImport: ['scripts'] },
  { module: records, mayImport: [], packages: ['@platformatic/wasm-utils', 'node:'], testsMayImport: [base] },
  { module: kafka, mayImport: [base, protocol, records], packages: ['ws', 'node:'], testsMayImport: [host] },
  { module: runContract, mayImport: [defineContract, recordPlace], packages: ['zod'] },
  {
    module: 'engine/run',
    mayImport: [base, rpc, formats, model, expressions, spi, 'engine/process', host],
    packages: ['node:'],
    testsMayImport: ['palette'],
  },
  {
    module: 'engine/bundle',
    mayImport: [base, model, spi, 'engine/run', host],
    packages: ['fflate', 'zod', 'node:'],
    testsMayImport: [catalog, 'package.json'],
  },
  { module: contract, mayImport: [defineContract, runContract, fields], packages: ['zod'] },
  { module: studioProtocol, mayImport: [], packages: pure },
  {
    module: 'engine/studio',
    mayImport: [
      base,
      rpc,
      formats,
      model,
      spi,
      kafka,
      'engine/run',
      'engine/bundle',
      host,
      catalog,
      runtimes,
      'palette/kafka/receive-message/received-message.ts',
    ],
    packages: ['ws', 'zod', 'node:'],
  },
  { module: 'engine/testing', mayImport: [base, 'engine/broker/node/supervisor'], packages: ['node:'] },
  {
    module: 'engine/cli',
    mayImport: [
      base,
      formats,
      model,
      expressions,
      kafka,
      'engine/run',
      'engine/bundle',
      host,
      'engine/studio',
      'engine/broker/node/supervisor',
      'engine/broker/node/config',
      catalog,
      runtimes,
    ],
    packages: ['node:'],
  },
  { module: raft, mayImport: [base], packages: pure },
  { module: quota, mayImport: [], packages: pure },
  { module: controller, mayImport: [base, protocol, quota, security], packages: pure },
  { module: security, mayImport: [base], packages: ['node:'] },
  { module: coordinator, mayImport: [base, protocol], packages: pure },
  { module: group, mayImport: [base, protocol, coordinator], packages: ['re2js'] },
  { module: txn, mayImport: [base, protocol, coordinator], packages: ['re2js'] },
  { module: log, mayImport: [base, protocol, records], packages: pure },
  { module: replica, mayImport: [base, protocol, log], packages: pure, testsMayImport: [records] },
  {
    module: api,
    mayImport: [base, protocol, security, quota, raft, controller, coordinator, group, txn, log, replica],
    packages: pure,
    testsMayImport: [records],
  },
  {
    module: 'engine/broker/node',
    mayImport: [
      base,
      protocol,
      records,
      host,
      security,
      quota,
      raft,
      controller,
      coordinator,
      group,
      txn,
      log,
      replica,
      api,
    ],
    packages: ['ws', 'node:'],
  },
  { module: 'palette/*/*/activity.ts', mayImport: [spi, 'palette/*/*/form'], packages: pure },
  { module: 'palette/*/*/form', mayImport: [spi], packages: pure },
  { module: 'palette/*/*/runtime.ts', mayImport: [base, spi, kafka, 'palette'], packages: ['node:'] },
  { module: catalog, mayImport: [spi, 'palette'], packages: pure },
  { module: runtimes, mayImport: [spi, 'palette'], packages: pure },
  {
    module: 'palette',
    mayImport: [base, formats, spi, kafka],
    packages: ['csv-parse', 'stream-chain', 'stream-json', 'node:'],
    testsMayImport: [model, expressions, protocol, 'engine/process', 'engine/run'],
  },
  { module: kit, mayImport: [], packages: ['react', 'react-dom'] },
  {
    module: edits,
    mayImport: [model, expressions, spi],
    packages: pure,
    testsMayImport: [store, catalog, 'renderer/behaviors'],
  },
  { module: 'renderer/behaviors', mayImport: [model, edits], packages: pure },
  {
    module: store,
    mayImport: [base, model, contract, defineContract, kit, edits, 'renderer/behaviors'],
    packages: ['react', 'zustand'],
    testsMayImport: [catalog, commands],
  },
  { module: commands, mayImport: [base, model, contract, kit, edits, store], packages: pure },
  {
    module: 'renderer/bridge',
    mayImport: [base, formats, contract, studioProtocol, defineContract, 'electron/bridge.ts', kit, store, commands],
    packages: pure,
    testsMayImport: ['renderer/panels'],
  },
  {
    module: 'renderer/editors',
    mayImport: [base, model, formats, expressions, spi, kit, edits, store],
    packages: ['react', 'monaco-editor'],
    testsMayImport: [catalog, 'renderer/panels'],
  },
  {
    module: 'renderer/canvas',
    mayImport: [model, spi, kit, edits, store, commands],
    packages: ['react', 'reactflow'],
    testsMayImport: [catalog],
  },
  {
    module: 'renderer/panels',
    mayImport: [
      base,
      model,
      expressions,
      spi,
      contract,
      kit,
      edits,
      store,
      commands,
      'renderer/editors',
      'renderer/canvas/activity-appearance.ts',
      'renderer/canvas/palette-drag.ts',
    ],
    packages: ['react'],
  },
  {
    module: 'renderer/app',
    mayImport: [
      base,
      model,
      expressions,
      catalog,
      kit,
      edits,
      store,
      commands,
      'renderer/bridge',
      'renderer/canvas',
      'renderer/panels',
    ],
    packages: ['react', 'react-dom', '@fontsource-variable/inter', '@fontsource-variable/jetbrains-mono'],
  },
  { module: 'electron/bridge.ts', mayImport: [], packages: pure },
  { module: 'electron/preload', mayImport: ['electron/bridge.ts'], packages: ['electron'] },
  { module: 'electron/main', mayImport: ['electron/bridge.ts'], packages: ['electron', 'node:'] },
  {
    module: 'scripts',
    mayImport: ['engine/broker/node', host, 'engine/protocol/testing', 'engine/studio', 'test/e2e', 'test/simulation'],
    testsMayImport: ['vitest.config.ts'],
  },
  { module: 'test', mayImport: ['engine', 'palette', 'renderer', 'scripts'] },
];

/** Whether `path` lies in `module` (a prefix with `*` for one name). */
export function isInModule(path: string, module: string): boolean {
  const names = path.split('/');
  return module.split('/').every((part, index) => (part === '*' ? names[index] !== undefined : names[index] === part));
}

/** The rule that decides for a path. */
export function ruleFor(path: string): ImportRule | undefined {
  return importTable.find((rule) => isInModule(path, rule.module));
}
