import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import type { Project } from '../../model/document.ts';
import { currentFormat } from '../../model/migrations/migrations.ts';
import { projectFileName, writeProject } from '../../model/project-files.ts';
import { ProjectError } from './project-error.ts';
import { writeProjectFolder } from './project-folder.ts';

/** Makes a folder a project with one empty process and a connection to the bundled cluster. Rejects with PROJECT_EXISTS. */
export async function createProject(folder: string, name: string): Promise<void> {
  if (existsSync(join(folder, projectFileName)))
    throw new ProjectError(
      'PROJECT_EXISTS',
      `expected a folder without a project, found ${projectFileName} in ${folder}`,
    );
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new ProjectError('PROJECT_WRITE_FAILED', `could not make the folder ${folder}: ${messageOf(cause)}`, {
      cause,
    });
  }
  await writeProjectFolder(folder, {}, Object.fromEntries(writeProject(emptyProject(name))));
}

function emptyProject(name: string): Project {
  const connection = {
    id: 'cluster',
    type: 'kafka.connection',
    name: 'Bundled cluster',
    config: { cluster: 'bundled' },
  };
  const process = { id: 'main', name: 'Main', activities: {}, transitions: [], layout: { positions: {} } };
  return {
    format: currentFormat,
    name,
    version: '1.0.0',
    properties: {},
    processes: { main: process },
    resources: { cluster: connection },
    profiles: {},
    schemas: {},
    tests: {},
  };
}
