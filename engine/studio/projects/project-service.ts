import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { catalog } from '../../../palette/catalog.ts';
import type { Log } from '../../base/log.ts';
import { bundleFileName } from '../../bundle/bundle-file-name.ts';
import { readDataFile } from '../../bundle/data-files.ts';
import { exportBundle } from '../../bundle/export-bundle.ts';
import type { Project } from '../../model/document.ts';
import { readProject } from '../../model/project-files.ts';
import type { ProjectSnapshot, StudioHandlers } from '../contract.ts';
import type { StudioSession } from '../session.ts';
import { createProject } from './new-project.ts';
import { ProjectError } from './project-error.ts';
import type { Files } from './project-folder.ts';
import { ProjectStore } from './project-store.ts';
import type { RecentProjects } from './recent-projects.ts';

type ProjectHandlers = Pick<
  StudioHandlers<StudioSession>,
  'project.open' | 'project.create' | 'project.save' | 'project.recent' | 'project.export'
>;

/** Opens a project in a window and remembers it. `~` stands for the user's home. */
export async function openProject(
  path: string,
  session: StudioSession,
  recent: RecentProjects,
  log: Log,
): Promise<ProjectSnapshot> {
  const { store, snapshot } = await ProjectStore.open(absolute(path), log);
  session.openProject(store);
  recent.add({ path: snapshot.path, name: nameOf(snapshot) });
  return snapshot;
}

/** The calls about project folders. */
export function projectHandlers(recent: RecentProjects, log: Log): ProjectHandlers {
  return {
    'project.open': ({ path }, session) => openProject(path, session, recent, log),
    'project.create': async ({ path, name }, session) => {
      await createProject(absolute(path), name);
      return openProject(path, session, recent, log);
    },
    'project.save': ({ files, baseRevision, overwrite }, session) =>
      projectOf(session).save(files, baseRevision, overwrite),
    'project.recent': () => recent.list(),
    'project.export': ({ files }, session) => {
      const project = parseProject(files);
      const { path } = projectOf(session);
      const bytes = exportBundle(project, { catalog, readFile: (file) => readDataFile(path, file) });
      return {
        fileName: `${bundleFileName(project.name)}-${project.version}.millrace`,
        contentBase64: Buffer.from(bytes).toString('base64'),
      };
    },
  };
}

/** The project that a window shows. Throws PROJECT_NOT_OPEN. */
export function projectOf(session: StudioSession): ProjectStore {
  if (session.project) return session.project;
  throw new ProjectError('PROJECT_NOT_OPEN', 'expected an open project, found none; open one first');
}

/** The document of files that a window sent. Throws PROJECT_INVALID with all problems in its details. */
export function parseProject(files: Files): Project {
  const read = readProject(new Map(Object.entries(files)));
  if (read.ok) return read.value;
  const [first] = read.error;
  const where = first
    ? `${first.file}${first.line === undefined ? '' : `:${first.line}`}: ${first.message}`
    : 'unreadable';
  const more = read.error.length > 1 ? ` (and ${read.error.length - 1} more problems)` : '';
  throw new ProjectError('PROJECT_INVALID', `the project cannot be read: ${where}${more}`, {
    details: { problems: read.error },
  });
}

function absolute(path: string): string {
  return resolve(path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path);
}

function nameOf({ path, files }: ProjectSnapshot): string {
  const read = readProject(new Map(Object.entries(files)));
  return read.ok ? read.value.name : basename(path);
}
