import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin } from 'rolldown';
import { rolldown } from 'rolldown';
import { build as viteBuild } from 'vite';
import { ThirdPartyNotices } from './third-party-notices.ts';

/** Folder of package.json. */
export const projectFolder = join(dirname(fileURLToPath(import.meta.url)), '..');
const stampPath = join(projectFolder, 'dist/.stamp');

/** Everything that a build reads. A change to any of it makes `dist/` stale. */
const inputs = [
  'engine',
  'palette',
  'renderer',
  'electron',
  'scripts/build.ts',
  'scripts/third-party-notices.ts',
  'package-lock.json',
  'vite.config.ts',
];

/** Native add-ons and Electron itself stay outside of the bundles; in those of the engine `placeBufferUtil` does more. */
const external = ['electron', '@node-rs/crc32', 'utf-8-validate'];

/** Entries that Node runs as ES modules, by the name of their bundle in dist/engine. */
const engineEntries = {
  cli: 'engine/cli/main.ts',
  broker: 'engine/broker/node/main.ts',
  'run-process': 'engine/studio/run-process.ts',
  testing: 'engine/testing/main.ts',
};

/** Entries that Electron loads: CommonJS, one bundle each, so that the sandboxed preload never needs a shared chunk. */
const electronEntries = {
  main: 'electron/main/main.ts',
  preload: 'electron/preload/preload.ts',
  'studio-process': 'electron/studio-process.ts',
};

function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function stampOfInputs(): string {
  const hash = createHash('sha256').update(process.version);
  const files = inputs.flatMap((input) => filesBelow(join(projectFolder, input))).sort();
  for (const file of files) hash.update(relative(projectFolder, file)).update(readFileSync(file));
  return hash.digest('hex');
}

function present(entries: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entries)
      .map(([name, path]) => [name, join(projectFolder, path)])
      .filter(([, path]) => existsSync(path ?? '')),
  );
}

/** Where the Kafka client's checksum and codec module looks for its WebAssembly, and where the bundles have it. */
const wasmUrl = {
  from: "new URL('../dist/native.wasm', import.meta.url)",
  to: "new URL('./native.wasm', import.meta.url)",
};

/** Lets the bundled client read its WebAssembly from beside the bundle; a client that has moved it fails the build here. */
function placeWasm(): Plugin {
  return {
    name: 'place-wasm',
    transform(code, id) {
      if (!id.replaceAll('\\', '/').endsWith('@platformatic/wasm-utils/dist/index.js')) return null;
      const found = code.split(wasmUrl.from).length - 1;
      if (found !== 1) throw new Error(`expected ${wasmUrl.from} once in ${id}, found it ${found} times`);
      copyFileSync(join(dirname(id), 'native.wasm'), join(projectFolder, 'dist/engine/native.wasm'));
      return code.replace(wasmUrl.from, wasmUrl.to);
    },
  };
}

const webSocketRequires = ["const https = require('https');", "const tls = require('tls');"];

/** Lets `ws` load TLS only for an address that asks for it: 4 MB and 10 ms in each broker, which has none. */
function loadTlsLate(): Plugin {
  return {
    name: 'load-tls-late',
    transform(code, id) {
      if (!id.replaceAll('\\', '/').endsWith('/ws/lib/websocket.js')) return null;
      for (const found of webSocketRequires) if (!code.includes(found)) throw new Error(`expected ${found} in ${id}`);
      return code
        .replace(webSocketRequires[0] ?? '', "const https = { get request() { return require('https').request; } };")
        .replace(webSocketRequires[1] ?? '', "const tls = { get connect() { return require('tls').connect; } };");
    },
  };
}

const bufferUtilFolder = join(projectFolder, 'node_modules/bufferutil');

/**
 * Puts the compiled halves of `bufferutil` beside the bundles and lets `ws` load the one that fits, or do without: as a dependency
 * it would want an install script on every user's machine.
 */
function placeBufferUtil(notices: ThirdPartyNotices): Plugin {
  const id = '\0bufferutil';
  return {
    name: 'place-buffer-util',
    resolveId: (source) => (source === 'bufferutil' ? id : null),
    load(loaded) {
      if (loaded !== id) return null;
      const builds = readdirSync(join(bufferUtilFolder, 'prebuilds'));
      for (const build of builds)
        copyFileSync(
          join(bufferUtilFolder, 'prebuilds', build, 'bufferutil.node'),
          join(projectFolder, `dist/engine/bufferutil-${build}.node`),
        );
      notices.note(join(bufferUtilFolder, 'package.json'));
      return `import { createRequire } from 'node:module';
const file = './bufferutil-' + process.platform + '-' + process.arch + '.node';
export const { mask, unmask } = createRequire(import.meta.url)(file);`;
    },
  };
}

async function bundleEngine(notices: ThirdPartyNotices): Promise<void> {
  mkdirSync(join(projectFolder, 'dist/engine'), { recursive: true });
  const bundle = await rolldown({
    input: present(engineEntries),
    platform: 'node',
    external,
    cwd: projectFolder,
    plugins: [placeWasm(), loadTlsLate(), placeBufferUtil(notices), notices.plugin],
    moduleTypes: { '.svg': 'text', '.md': 'text' },
    logLevel: 'warn',
  });
  await bundle.write({
    dir: join(projectFolder, 'dist/engine'),
    format: 'esm',
    entryFileNames: '[name].js',
    minify: false,
  });
  await bundle.close();
  chmodSync(join(projectFolder, 'dist/engine/cli.js'), 0o755);
  copyFileSync(join(projectFolder, 'engine/testing/testing-api.ts'), join(projectFolder, 'dist/engine/testing.d.ts'));
}

async function bundleElectron(notices: ThirdPartyNotices): Promise<void> {
  for (const [name, input] of Object.entries(present(electronEntries))) {
    const bundle = await rolldown({
      input,
      platform: 'node',
      external: [...external, 'bufferutil'],
      cwd: projectFolder,
      plugins: [notices.plugin],
      logLevel: 'warn',
    });
    await bundle.write({
      file: join(projectFolder, `dist/electron/${name}.cjs`),
      format: 'cjs',
      codeSplitting: false,
      minify: false,
    });
    await bundle.close();
  }
}

/** Builds what `dist/` lacks: nothing when no input changed since the last build. Returns whether it built. */
export async function build({ force = false } = {}): Promise<boolean> {
  const stamp = stampOfInputs();
  if (!force && existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) return false;
  rmSync(join(projectFolder, 'dist'), { recursive: true, force: true });
  mkdirSync(join(projectFolder, 'dist'), { recursive: true });
  const notices = new ThirdPartyNotices();
  const mode = process.env.NODE_ENV;
  await viteBuild({
    root: join(projectFolder, 'renderer'),
    configFile: join(projectFolder, 'vite.config.ts'),
    logLevel: 'warn',
    plugins: [notices.plugin],
  });
  // Vite leaves NODE_ENV=production behind, and React without its test tools for whoever is started next.
  if (mode === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = mode;
  await bundleEngine(notices);
  await bundleElectron(notices);
  writeFileSync(join(projectFolder, 'dist/THIRD-PARTY-NOTICES'), notices.text());
  writeFileSync(stampPath, stamp);
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const started = performance.now();
  const built = await build({ force: process.argv.includes('--force') });
  console.log(built ? `Built dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s` : 'dist/ is up to date');
}
