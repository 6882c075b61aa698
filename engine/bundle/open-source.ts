import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { messageOf } from '../base/errors.ts';
import type { Project } from '../model/document.ts';
import type { ProjectProblem } from '../model/problem.ts';
import { projectFileName, readProject } from '../model/project-files.ts';
import { BundleError } from './bundle-error.ts';
import { bundleBytesMax } from './export-bundle.ts';
import { readBundle } from './read-bundle.ts';
import { unpackData } from './unpack-data.ts';

/** A project that was opened from its folder or from a bundle. */
export interface OpenedSource {
  readonly project: Project;
  readonly kind: 'folder' | 'bundle';
  /** Where the files that activities read are. */
  readonly folder: string;
  /** Removes what was unpacked. */
  close(): void;
}

const documentFolders = ['processes', 'resources', 'schemas', 'profiles', 'tests'];
const documentFileBytesMax = 16 * 1024 * 1024;

/** Reads the document's files below a project folder, by path with forward slashes. Throws PROJECT_UNREADABLE. */
export function readProjectFiles(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  const read = (path: string) => {
    const full = join(folder, path);
    const { size } = statSync(full);
    if (size > documentFileBytesMax)
      throw new BundleError(
        'PROJECT_UNREADABLE',
        `${full}: expected at most ${documentFileBytesMax} bytes, found ${size}`,
      );
    files.set(path, readFileSync(full, 'utf8'));
  };
  try {
    read(projectFileName);
    for (const name of documentFolders) {
      for (const entry of readdirIfThere(join(folder, name))) read(`${name}/${entry}`);
    }
  } catch (cause) {
    if (cause instanceof BundleError) throw cause;
    throw new BundleError('PROJECT_UNREADABLE', `${folder}: could not read the project: ${messageOf(cause)}`, {
      cause,
    });
  }
  return files;
}

function readdirIfThere(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Opens a project folder or a bundle. Throws PROJECT_NOT_FOUND, PROJECT_UNREADABLE, PROJECT_INVALID (with all problems in
 * details), or what `readBundle` throws.
 */
export function openSource(path: string): OpenedSource {
  const full = resolve(path);
  const stat = statSync(full, { throwIfNoEntry: false });
  if (!stat)
    throw new BundleError('PROJECT_NOT_FOUND', `expected a project folder or a bundle, found nothing at ${path}`);
  if (!stat.isDirectory() && basename(full) !== projectFileName) return openBundle(full, path);
  const folder = stat.isDirectory() ? full : dirname(full);
  if (!statSync(join(folder, projectFileName), { throwIfNoEntry: false }))
    throw new BundleError('PROJECT_NOT_FOUND', `expected a project, found no ${projectFileName} in ${path}`);
  return { project: parse(readProjectFiles(folder), path), kind: 'folder', folder, close: () => {} };
}

function openBundle(full: string, path: string): OpenedSource {
  const { size } = statSync(full);
  if (size > bundleBytesMax)
    throw new BundleError('BUNDLE_TOO_LARGE', `${path}: expected at most ${bundleBytesMax} bytes, found ${size}`);
  const { document, data } = readBundle(readFileSync(full), path);
  const project = parse(document, path);
  const { folder, remove } = unpackData(data, path);
  return { project, kind: 'bundle', folder, close: remove };
}

function parse(files: ReadonlyMap<string, string>, path: string): Project {
  const project = readProject(files);
  if (project.ok) return project.value;
  const problems: readonly ProjectProblem[] = project.error;
  throw new BundleError('PROJECT_INVALID', `${path}: ${problems.map(describeProblem).join('; ')}`, {
    details: { problems },
  });
}

function describeProblem({ file, line, column, message }: ProjectProblem): string {
  return `${file}${line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`}: ${message}`;
}
