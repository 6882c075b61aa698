import { unzipSync } from 'fflate';
import { messageOf } from '../base/errors.ts';
import { isProjectFile } from '../model/project-files.ts';
import { BundleError } from './bundle-error.ts';
import { bundleBytesMax, sha256 } from './export-bundle.ts';
import type { Manifest } from './manifest.ts';
import { bundleFormat, manifestName, manifestSchema } from './manifest.ts';

const bundleFilesMax = 10_000;
/** A manifest of as many files as there may be, with long paths. */
const manifestBytesMax = 8 * 1024 * 1024;

/** What is in a bundle, checked. */
export interface BundleContent {
  readonly manifest: Manifest;
  /** Text of the document's files. */
  readonly document: ReadonlyMap<string, string>;
  /** The other files, which activities read. */
  readonly data: ReadonlyMap<string, Uint8Array>;
}

/**
 * Opens a bundle's bytes and checks every hash. Throws BUNDLE_UNREADABLE (no bundle), BUNDLE_FORMAT_TOO_NEW, BUNDLE_DAMAGED
 * (says which file) or BUNDLE_TOO_LARGE. `name` is for the messages.
 */
export function readBundle(bytes: Uint8Array, name: string): BundleContent {
  const entries = unzip(bytes, name);
  const manifest = readManifest(entries[manifestName], name);
  const damaged = (what: string) => new BundleError('BUNDLE_DAMAGED', `${name}: ${what}`);
  const listed = new Set(manifest.files.map(({ path }) => path));
  const stranger = Object.keys(entries).find((path) => path !== manifestName && !listed.has(path));
  if (stranger !== undefined) throw damaged(`"${stranger}" is in the bundle but not in its manifest`);
  const both = fileAndFolder([...listed]);
  if (both !== undefined) throw damaged(`"${both}" lies in what is a file`);
  const document = new Map<string, string>();
  const data = new Map<string, Uint8Array>();
  for (const { path, sha256: expected } of manifest.files) {
    const content = entries[path];
    if (!isInside(path)) throw damaged(`"${path}" leaves the bundle, or is no name of a file`);
    if (!content) throw damaged(`"${path}" is in the manifest but not in the bundle`);
    const found = sha256(content);
    if (found !== expected)
      throw damaged(`"${path}" has changed since the export: expected sha256 ${expected}, found ${found}`);
    if (isProjectFile(path)) document.set(path, new TextDecoder().decode(content));
    else data.set(path, content);
  }
  return { manifest, document, data };
}

/** A relative path of a file that stays below the folder it is unpacked to. */
function isInside(path: string): boolean {
  return (
    !/^[A-Za-z]:|[\\\0]/.test(path) && path.split('/').every((name) => name !== '' && name !== '.' && name !== '..')
  );
}

/** A path that would have to be a file and a folder at once. */
function fileAndFolder(paths: readonly string[]): string | undefined {
  const files = new Set(paths);
  return paths.find((path) => {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
      if (files.has(path.slice(0, at))) return true;
    return false;
  });
}

function unzip(bytes: Uint8Array, name: string): Record<string, Uint8Array> {
  let files = 0;
  let total = 0;
  try {
    return unzipSync(bytes, {
      filter: ({ name: path, originalSize }) => {
        if (path === manifestName && originalSize > manifestBytesMax)
          throw new BundleError(
            'BUNDLE_TOO_LARGE',
            `${name}: expected a ${manifestName} of at most ${manifestBytesMax} bytes, found ${originalSize}`,
          );
        files++;
        total += originalSize;
        if (files > bundleFilesMax || total > bundleBytesMax)
          throw new BundleError(
            'BUNDLE_TOO_LARGE',
            `${name}: expected at most ${bundleFilesMax} files and ${bundleBytesMax} bytes, found more`,
          );
        return true;
      },
    });
  } catch (cause) {
    if (cause instanceof BundleError) throw cause;
    throw new BundleError(
      'BUNDLE_UNREADABLE',
      `${name}: expected a bundle, found a file that is none (${messageOf(cause)})`,
      { cause },
    );
  }
}

function readManifest(bytes: Uint8Array | undefined, name: string): Manifest {
  const unreadable = (what: string) => new BundleError('BUNDLE_UNREADABLE', `${name}: ${what}`);
  if (!bytes) throw unreadable(`expected a bundle with ${manifestName}, found none in it`);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw unreadable(`${manifestName} is not JSON`);
  }
  const format = (json as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > bundleFormat)
    throw new BundleError(
      'BUNDLE_FORMAT_TOO_NEW',
      `${name}: this engine reads bundles up to format ${bundleFormat}, found ${format}; use a newer Millrace`,
    );
  const manifest = manifestSchema.safeParse(json);
  if (!manifest.success)
    throw unreadable(`${manifestName} is not a manifest: ${manifest.error.issues[0]?.message ?? ''}`);
  return manifest.data;
}
