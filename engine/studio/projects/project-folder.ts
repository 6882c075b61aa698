import { createHash, randomBytes } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { lstat, mkdir, open, readdir, readFile, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { isProjectFile, projectFileName } from '../../model/project-files.ts';
import { isFileName, partEnding } from './file-name.ts';
import { ProjectError } from './project-error.ts';

/** Text of files by path inside the project, with forward slashes. */
export type Files = Readonly<Record<string, string>>;

/** Folders that hold files of the document, beside the project file itself. */
export const projectFolders = ['processes', 'resources', 'schemas', 'profiles', 'tests'] as const;

/** Bounds of what is read as a project; a data set that was dropped into `schemas/` should not end the studio. */
const fileBytesMax = 8 * 1024 * 1024;
const projectBytesMax = 32 * 1024 * 1024;
const filesMax = 5_000;

/** Reads the files of the document. Other files of the folder (data, README) are left alone. Symbolic links that lead out are refused. */
export async function readProjectFolder(folder: string): Promise<Record<string, string>> {
  const root = await realpath(folder).catch((cause) => {
    throw new ProjectError('PROJECT_NOT_FOUND', `expected a project in ${folder}, found no such folder`, { cause });
  });
  const paths = await listFiles(root);
  if (!paths.includes(projectFileName))
    throw new ProjectError(
      'PROJECT_NOT_FOUND',
      `expected ${projectFileName} in ${folder}, found none: this folder is no project`,
    );
  if (paths.length > filesMax) throw tooLarge(folder, `expected at most ${filesMax} files, found ${paths.length}`);
  const files: Record<string, string> = {};
  let bytes = 0;
  for (const path of paths) {
    const text = await readOne(root, path);
    bytes += Buffer.byteLength(text);
    if (bytes > projectBytesMax)
      throw tooLarge(folder, `expected at most ${projectBytesMax >> 20} MiB of project files, found more`);
    files[path] = text;
  }
  return files;
}

/** The name of exactly these files with exactly this content. */
export function revisionOf(files: Files): string {
  const hash = createHash('sha256');
  for (const path of Object.keys(files).sort())
    hash.update(`${path}\0${Buffer.byteLength(files[path]!)}\0`).update(files[path]!);
  return hash.digest('hex').slice(0, 32);
}

/**
 * Makes the folder's `before` into `after`: every changed file is first written whole beside its place, then all are renamed,
 * then those that are gone are removed. A crash leaves each file either old or new, never half.
 */
export async function writeProjectFolder(folder: string, before: Files, after: Files): Promise<void> {
  for (const path of Object.keys(after)) assertInside(path);
  const changed = Object.keys(after).filter((path) => after[path] !== before[path]);
  const gone = Object.keys(before).filter((path) => !Object.hasOwn(after, path));
  const temporary: [from: string, to: string][] = [];
  try {
    for (const path of changed) {
      const target = await placeOf(folder, path);
      const part = `${target}.${randomBytes(4).toString('hex')}${partEnding}`;
      temporary.push([part, target]);
      await writeDurably(part, after[path]!);
    }
    for (const [from, to] of temporary) await rename(from, to);
    for (const path of gone) await rm(join(folder, path), { force: true });
  } catch (cause) {
    for (const [part] of temporary) await rm(part, { force: true }).catch(() => {});
    if (cause instanceof ProjectError) throw cause;
    throw new ProjectError('PROJECT_WRITE_FAILED', `could not write the project in ${folder}: ${messageOf(cause)}`, {
      cause,
    });
  }
}

async function listFiles(root: string): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ['', ...projectFolders]) {
    const entries: Dirent[] = await readdir(join(root, folder), { withFileTypes: true }).catch((cause) => {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw new ProjectError('PROJECT_READ_FAILED', `could not list ${join(root, folder)}: ${messageOf(cause)}`, {
        cause,
      });
    });
    for (const entry of entries) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (isProjectFile(path) && isFileName(entry.name) && (entry.isFile() || entry.isSymbolicLink())) found.push(path);
    }
  }
  return found.sort();
}

async function readOne(root: string, path: string): Promise<string> {
  const file = join(root, path);
  try {
    const real = await realpath(file);
    if (!real.startsWith(root + sep)) throw outside(path);
    const { size } = await lstat(real);
    if (size > fileBytesMax)
      throw tooLarge(path, `expected at most ${fileBytesMax >> 20} MiB in a file, found ${size} bytes`);
    return await readFile(real, 'utf8');
  } catch (cause) {
    if (cause instanceof ProjectError) throw cause;
    throw new ProjectError('PROJECT_READ_FAILED', `could not read ${file}: ${messageOf(cause)}`, { cause });
  }
}

/** Where a file goes, its folder made. A folder that is a link to elsewhere is refused. */
async function placeOf(folder: string, path: string): Promise<string> {
  const root = await realpath(folder);
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true });
  const parent = await realpath(dirname(target));
  if (parent !== root && !parent.startsWith(root + sep)) throw outside(path);
  return target;
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Only files of the document can be written through the studio: no `..`, no other folder, no absolute path, no odd name. */
function assertInside(path: string): void {
  if (!path.split('/').every(isFileName) || !isProjectFile(path)) throw outside(path);
}

function outside(path: string): ProjectError {
  return new ProjectError(
    'PROJECT_PATH_OUTSIDE',
    `expected a file of the project, found the path ${JSON.stringify(path)}`,
    {
      details: { path },
    },
  );
}

function tooLarge(what: string, message: string): ProjectError {
  return new ProjectError('PROJECT_TOO_LARGE', `${what}: ${message}`);
}
