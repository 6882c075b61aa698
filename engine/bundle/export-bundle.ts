import { createHash } from 'node:crypto';
import { zipSync } from 'fflate';
import { engineVersion } from '../base/engine-version.ts';
import type { Project } from '../model/document.ts';
import { writeProject } from '../model/project-files.ts';
import type { ActivityDeclaration } from '../spi/define-activity.ts';
import { BundleError } from './bundle-error.ts';
import { dataFiles } from './data-files.ts';
import { literalSecrets } from './literal-secrets.ts';
import type { Manifest } from './manifest.ts';
import { bundleFormat, manifestName } from './manifest.ts';

/** All files of a bundle together; headless machines hold them in memory. */
export const bundleBytesMax = 512 * 1024 * 1024;

/** The oldest time that zip can hold, in local time because zip knows no other: the same bytes on every machine. */
const zipEpoch = new Date(1980, 0, 1);

/** What an export needs besides the document. */
export interface ExportOptions {
  readonly catalog: ReadonlyMap<string, ActivityDeclaration>;
  /** Reads a file of the project folder that an activity names; throws a BundleError when it cannot. */
  readFile(path: string): Uint8Array;
  /** Hears of a file that only a property names and that cannot be read: it is left out. */
  leftOut?(path: string, why: BundleError): void;
}

/**
 * Makes a bundle: a zip file with the document, the files that its activities name, and a manifest with their hashes. The same
 * project gives the same bytes. Throws SECRET_IN_PROJECT when a secret stands in the project as it is, BUNDLE_TOO_LARGE, or what
 * `readFile` throws.
 */
export function exportBundle(project: Project, options: ExportOptions): Uint8Array {
  const { catalog } = options;
  const [secret] = literalSecrets(project, catalog);
  if (secret)
    throw new BundleError(
      'SECRET_IN_PROJECT',
      `${secret.where}, field "${secret.label}": expected a reference such as \${secret:NAME}, found the secret itself; a bundle carries no secrets`,
    );
  const files = new Map<string, Uint8Array>();
  for (const [path, text] of writeProject(project)) files.set(path, new TextEncoder().encode(text));
  for (const [path, bytes] of readDataFiles(project, options)) files.set(path, bytes);
  const total = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  if (total > bundleBytesMax)
    throw new BundleError('BUNDLE_TOO_LARGE', `expected at most ${bundleBytesMax} bytes in a bundle, found ${total}`);
  const paths = [...files.keys()].sort();
  const manifest: Manifest = {
    format: bundleFormat,
    engine: engineVersion,
    name: project.name,
    version: project.version,
    palette: paletteTypes(project),
    files: paths.map((path) => ({ path, sha256: sha256(files.get(path)!), sizeBytes: files.get(path)!.length })),
  };
  const entries: Record<string, Uint8Array> = {
    [manifestName]: new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`),
  };
  for (const path of paths) entries[path] = files.get(path)!;
  return zipSync(entries, { level: 9, mtime: zipEpoch });
}

function readDataFiles(project: Project, { catalog, readFile, leftOut }: ExportOptions): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const { path, isCertain } of dataFiles(project, catalog)) {
    try {
      files.set(path, readFile(path));
    } catch (error) {
      if (isCertain || !(error instanceof BundleError)) throw error;
      leftOut?.(path, error);
    }
  }
  return files;
}

/** Lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function paletteTypes(project: Project): string[] {
  const types = new Set(Object.values(project.resources).map(({ type }) => type));
  for (const process of Object.values(project.processes)) {
    for (const { type } of Object.values(process.activities)) types.add(type);
  }
  return [...types].sort();
}
