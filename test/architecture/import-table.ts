/** A module and what its sources may import besides themselves. The first rule whose folder fits a path decides. */
export interface ImportRule {
  /** Path prefix; `*` stands for one folder or file name. */
  readonly module: string;
  /** Path prefixes inside the project; a bare file is named with its ending. */
  readonly mayImport: readonly string[];
  /** Packages, by name; `node:` stands for all of Node. Undefined: any package. */
  readonly packages?: readonly string[];
}

const base = 'engine/base';
const protocol = 'engine/protocol';
const records = 'engine/records';
const formats = 'engine/formats';
const pure: readonly string[] = [];

/** ARCHITECTURE.md, section "Import directions", as data. */
export const importTable: readonly ImportRule[] = [
  { module: 'engine/base', mayImport: [], packages: pure },
  { module: 'engine/host', mayImport: [base], packages: ['node:'] },
  { module: 'engine/model', mayImport: [base], packages: ['zod'] },
  { module: formats, mayImport: [base], packages: ['node:'] },
  {
    module: 'engine/expressions',
    mayImport: [base, formats, 'engine/model', 'engine/spi'],
    packages: ['jsonata', 're2js'],
  },
  { module: 'engine/spi', mayImport: [base, 'engine/model'], packages: ['zod'] },
  { module: 'engine/process', mayImport: [base, 'engine/model', 'engine/expressions', 'engine/spi'], packages: pure },
  {
    module: 'engine/kafka',
    mayImport: [base, protocol, records, 'engine/spi', 'engine/host'],
    packages: ['ws', 'node:'],
  },
  {
    module: 'engine/run',
    mayImport: [
      base,
      formats,
      'engine/model',
      'engine/expressions',
      'engine/spi',
      'engine/process',
      'engine/host',
      'engine/kafka',
    ],
    packages: ['node:'],
  },
  {
    module: 'engine/bundle',
    mayImport: [
      base,
      'engine/model',
      'engine/expressions',
      'engine/spi',
      'engine/process',
      'engine/run',
      'engine/host',
      'engine/kafka',
      'palette',
    ],
    packages: ['fflate', 'zod', 'node:'],
  },
  { module: 'engine/studio/contract.ts', mayImport: ['engine/studio/define-contract.ts'], packages: ['zod'] },
  { module: 'engine/studio/define-contract.ts', mayImport: [], packages: ['zod'] },
  {
    module: 'engine/studio',
    mayImport: [
      base,
      formats,
      'engine/model',
      'engine/expressions',
      'engine/spi',
      'engine/process',
      'engine/run',
      'engine/bundle',
      'engine/host',
      'engine/kafka',
      'palette',
    ],
    packages: ['ws', 'zod', 'node:'],
  },
  { module: 'engine/testing', mayImport: [base, 'engine/broker/node'], packages: ['node:'] },
  { module: 'engine/cli', mayImport: ['engine', 'palette'], packages: ['zod', 'node:'] },
  { module: protocol, mayImport: [base], packages: pure },
  {
    module: records,
    mayImport: [base],
    packages: ['@node-rs/crc32', '@platformatic/wasm-utils', 'node:'],
  },
  { module: 'engine/broker/log', mayImport: [base, protocol, records], packages: ['node:'] },
  { module: 'engine/broker/raft', mayImport: [base], packages: pure },
  { module: 'engine/broker/controller', mayImport: [base, protocol, 'engine/broker/quota'], packages: pure },
  { module: 'engine/broker/quota', mayImport: [base], packages: pure },
  { module: 'engine/broker/security', mayImport: [base], packages: pure },
  { module: 'engine/broker/coordinator', mayImport: [base, protocol], packages: pure },
  { module: 'engine/broker/group', mayImport: [base, protocol, 'engine/broker/coordinator'], packages: pure },
  { module: 'engine/broker/txn', mayImport: [base, protocol, 'engine/broker/coordinator'], packages: pure },
  { module: 'engine/broker/replica', mayImport: [base, protocol, records, 'engine/broker/log'], packages: pure },
  { module: 'engine/broker/api', mayImport: [base, protocol, records, 'engine/broker'], packages: pure },
  {
    module: 'engine/broker/node',
    mayImport: [base, protocol, records, 'engine/broker', 'engine/host'],
    packages: ['ws', 'node:'],
  },
  { module: 'palette/*/*/activity.ts', mayImport: [base, 'engine/spi'], packages: pure },
  { module: 'palette/*/*/runtime.ts', mayImport: [base, formats, 'engine/spi', 'engine/kafka', 'palette'] },
  { module: 'palette/catalog.ts', mayImport: ['palette', 'engine/spi'], packages: pure },
  { module: 'palette/runtimes.ts', mayImport: ['palette', 'engine/spi'], packages: pure },
  { module: 'palette', mayImport: [base, formats, 'engine/spi', 'engine/kafka'] },
  { module: 'renderer/kit', mayImport: [], packages: ['react', 'react-dom'] },
  {
    module: 'renderer',
    mayImport: [
      'renderer',
      base,
      formats,
      'engine/model',
      'engine/expressions',
      'engine/spi',
      'palette/catalog.ts',
      'palette/icons.ts',
      'engine/studio/contract.ts',
      'engine/studio/define-contract.ts',
      'electron/bridge.ts',
    ],
    packages: [
      'react',
      'react-dom',
      'reactflow',
      'zustand',
      'zod',
      'monaco-editor',
      'vite',
      '@fontsource-variable/inter',
      '@fontsource-variable/jetbrains-mono',
    ],
  },
  { module: 'electron/preload', mayImport: ['electron/bridge.ts'], packages: ['electron'] },
  { module: 'electron', mayImport: [base, 'engine/studio/contract.ts', 'electron'], packages: ['electron', 'node:'] },
  { module: 'scripts', mayImport: ['engine', 'test/kit', 'test/simulation', 'test/e2e'] },
  { module: 'test', mayImport: ['engine', 'palette', 'renderer', 'electron', 'scripts'] },
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
