import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { catalog } from '../../palette/catalog.ts';
import { engineVersion } from '../base/engine-version.ts';
import type { Project } from '../model/document.ts';
import { readProject } from '../model/project-files.ts';
import { BundleError } from './bundle-error.ts';
import { exportBundle } from './export-bundle.ts';
import { openSource } from './open-source.ts';
import { readBundle } from './read-bundle.ts';

const activity = (id: string, type: string, config: Project['resources'][string]['config']) => ({
  [id]: { id, name: id, type, config, input: {} },
});

const project: Project = {
  format: 2,
  name: 'feed',
  version: '1.2.0',
  properties: {},
  processes: {
    replay: {
      id: 'replay',
      name: 'Replay',
      activities: activity('read', 'file.read-records', { path: 'data/quakes.json' }),
      transitions: [],
      layout: { positions: { read: { x: 1, y: 2 } } },
    },
  },
  resources: { cluster: { id: 'cluster', type: 'kafka.connection', name: 'Cluster', config: {} } },
  profiles: { prod: {} },
  schemas: {},
  tests: {},
};

const property = (name: string) => `\${property:${name}}`;

const readFile = (path: string) => Buffer.from(`content of ${path}`);

describe('exportBundle', () => {
  it('gives the same bytes for the same project and everything back', () => {
    const bundle = exportBundle(project, { catalog, readFile });
    expect(Buffer.from(exportBundle(structuredClone(project), { catalog, readFile }))).toEqual(Buffer.from(bundle));
    const { manifest, document, data } = readBundle(bundle, 'feed.millrace');
    expect(manifest).toMatchObject({
      format: 1,
      name: 'feed',
      version: '1.2.0',
      palette: ['file.read-records', 'kafka.connection'],
    });
    expect(readProject(document)).toEqual({ ok: true, value: project });
    expect(String(Buffer.from(data.get('data/quakes.json')!))).toBe('content of data/quakes.json');
  });

  it('carries the files that properties name, by default and in each profile, and says which are not there', () => {
    const chosen: Project = {
      ...project,
      properties: {
        file: { type: 'string', default: 'data/all.json' },
        name: { type: 'string' },
      },
      profiles: { dev: { file: 'data/few.json', name: 'few' }, prod: { file: 'data/later.json' } },
      processes: {
        replay: {
          ...project.processes.replay!,
          activities: {
            ...activity('read', 'file.read-records', { path: property('file') }),
            ...activity('more', 'file.read-records', { path: `data/${property('name')}.csv` }),
          },
        },
      },
    };
    const leftOut: string[] = [];
    const only = (path: string) => {
      if (path === 'data/later.json') throw new BundleError('BUNDLE_FILE_UNREADABLE', 'not there');
      return readFile(path);
    };
    const bundle = exportBundle(chosen, { catalog, readFile: only, leftOut: (path) => leftOut.push(path) });
    expect([...readBundle(bundle, 'feed.millrace').data.keys()]).toEqual([
      'data/all.json',
      'data/few.csv',
      'data/few.json',
    ]);
    expect(leftOut).toEqual(['data/later.json']);
  });

  it('refuses a secret that stands in the project, without repeating it', () => {
    const config = { cluster: 'servers', securityProtocol: 'SASL_SSL', password: 'hunter2' };
    const leaky: Project = {
      ...project,
      resources: { cluster: { id: 'cluster', type: 'kafka.connection', name: 'Cluster', config } },
    };
    const error = (() => {
      try {
        exportBundle(leaky, { catalog, readFile });
      } catch (thrown) {
        return thrown as Error & { code: string };
      }
    })();
    expect(error?.code).toBe('SECRET_IN_PROJECT');
    expect(error?.message).toContain('resource "cluster", field "Password"');
    expect(error?.message).not.toContain('hunter2');
  });

  it('has the version of the package', () => {
    expect(engineVersion).toBe(packageJson.version);
  });
});

describe('readBundle', () => {
  const bundle = exportBundle(project, { catalog, readFile });

  it('names the file that was changed', () => {
    const { manifest } = readBundle(bundle, 'b');
    const entries: Record<string, Uint8Array> = { 'manifest.json': Buffer.from(JSON.stringify(manifest)) };
    for (const { path } of manifest.files) entries[path] = Buffer.from('changed');
    expect(() => readBundle(zipSync(entries), 'b')).toThrow(
      `"${manifest.files[0]!.path}" has changed since the export`,
    );
  });

  it.each([
    ['no zip', Buffer.from('hello'), 'BUNDLE_UNREADABLE'],
    ['no manifest', zipSync({ 'a.txt': Buffer.from('a') }), 'BUNDLE_UNREADABLE'],
    ['a newer format', zipSync({ 'manifest.json': Buffer.from('{"format":99}') }), 'BUNDLE_FORMAT_TOO_NEW'],
    ['a cut file', bundle.subarray(0, bundle.length - 100), 'BUNDLE_UNREADABLE'],
  ])('refuses %s', (_what, bytes, code) => {
    expect(() => readBundle(bytes, 'b')).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a path that leaves the bundle', () => {
    const content = Buffer.from('x');
    const files = [
      { path: '../x', sha256: '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881', sizeBytes: 1 },
    ];
    const manifest = { format: 1, engine: '0', name: 'n', version: '1', palette: [], files };
    const evil = zipSync({ 'manifest.json': Buffer.from(JSON.stringify(manifest)), '../x': content });
    expect(() => readBundle(evil, 'b')).toThrow('"../x" leaves the bundle');
  });

  const sha256 = createHash('sha256').update('').digest('hex');
  const withPaths = (...paths: string[]) => {
    const files = paths.map((path) => ({ path, sha256, sizeBytes: 0 }));
    const manifest = { format: 1, engine: '0', name: 'n', version: '1', palette: [], files };
    const entries = Object.fromEntries(paths.map((path) => [path, new Uint8Array()]));
    return zipSync({ ...entries, 'manifest.json': Buffer.from(JSON.stringify(manifest)) });
  };

  it.each([[['.']], [['a/']], [['a//b']], [['./a']], [['a\0b']], [['/a']], [['data/a', 'data/a/b']], [['..']]])(
    'refuses the paths %j, which cannot be unpacked',
    (paths) => {
      expect(() => readBundle(withPaths(...paths), 'b')).toThrow(expect.objectContaining({ code: 'BUNDLE_DAMAGED' }));
    },
  );

  it('refuses a manifest that is larger than any manifest', () => {
    const manifest = { format: 1, engine: '0', name: 'n'.repeat(9_000_000), version: '1', palette: [], files: [] };
    const large = zipSync({ 'manifest.json': Buffer.from(JSON.stringify(manifest)) });
    expect(() => readBundle(large, 'b')).toThrow(expect.objectContaining({ code: 'BUNDLE_TOO_LARGE' }));
  });
});

describe('openSource', () => {
  const temporary = mkdtempSync(join(tmpdir(), 'bundle-test-'));
  const path = join(temporary, 'feed.millrace');
  beforeAll(() => {
    writeFileSync(path, exportBundle(project, { catalog, readFile }));
    vi.stubEnv('TMPDIR', temporary);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(temporary, { recursive: true });
  });
  const unpacked = () => readdirSync(temporary).filter((name) => name.startsWith('millrace-bundle-'));

  it('unpacks the data of a bundle while it is open', () => {
    const source = openSource(path);
    expect(readFileSync(join(source.folder, 'data/quakes.json'), 'utf8')).toBe('content of data/quakes.json');
    source.close();
    source.close();
    expect(unpacked()).toEqual([]);
  });

  it('says in one line that there is no room for the data', () => {
    vi.stubEnv('TMPDIR', join(temporary, 'no', 'such'));
    expect(() => openSource(path)).toThrow(expect.objectContaining({ code: 'BUNDLE_UNPACK_FAILED' }));
    vi.stubEnv('TMPDIR', temporary);
  });

  it('removes what a killed run left behind, and nothing of one that goes on', () => {
    const left = join(temporary, 'millrace-bundle-left');
    mkdirSync(join(left, 'data'), { recursive: true });
    writeFileSync(join(left, '.lock'), JSON.stringify({ pid: 2 ** 22 + 1, startToken: 'gone:1' }));
    const first = openSource(path);
    expect(unpacked()).not.toContain('millrace-bundle-left');
    const second = openSource(path);
    expect(unpacked()).toHaveLength(2);
    first.close();
    second.close();
  });
});
