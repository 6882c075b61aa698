import type { Result } from '../base/result.ts';
import { ok, refused } from '../base/result.ts';
import type { Process, ProcessLayout, Project, Resource } from './document.ts';
import { fileIdPattern } from './document.ts';
import { layoutFile, processFile, profileFile, projectFile, resourceFile } from './file-schemas.ts';
import { currentFormat } from './migrations/migrations.ts';
import type { ProjectProblem } from './problem.ts';
import { readFile } from './read-file.ts';
import { writeJson } from './write-json.ts';

/** Text of files by path inside the project folder, with forward slashes. */
export type ProjectFiles = ReadonlyMap<string, string>;

/** The file that makes a folder a project. */
export const projectFileName = 'millrace.json';

const processEnding = '.process.json';
const layoutEnding = '.layout.json';

/** Whether a path belongs to the document. Others (data, README) are none of its business: nobody reads or writes them here. */
export function isProjectFile(path: string): boolean {
  return path === projectFileName || /^(processes|resources|schemas|profiles|tests)\/[^/]+\.[^/]+$/.test(path);
}

/**
 * Makes the document from its files. Paths that are no project files are ignored. All problems are reported, not just the
 * first, each with file, line and column.
 */
export function readProject(files: ProjectFiles): Result<Project, readonly ProjectProblem[]> {
  const problems: ProjectProblem[] = [];
  const head = readFile(files, projectFileName, { kind: 'project', schema: projectFile }, problems);
  const processes = readProcesses(files, problems);
  const resources = readResources(files, problems);
  const profiles = readProfiles(files, problems);
  if (problems.length || !head) return refused(problems);
  const texts = (folder: string) => byName(files, folder, '').map(([name, path]) => [name, files.get(path)!] as const);
  return ok({
    ...head,
    processes,
    resources,
    profiles,
    schemas: Object.fromEntries(texts('schemas')),
    tests: Object.fromEntries(texts('tests')),
  } as Project);
}

/** The files of a document: same document in, same bytes out. */
export function writeProject(project: Project): Map<string, string> {
  const { processes, resources, profiles, schemas, tests, ...head } = project;
  const files = new Map<string, string>([[projectFileName, writeJson({ ...head, format: currentFormat })]]);
  for (const process of Object.values(processes)) writeProcess(process, files);
  for (const { id, ...resource } of Object.values(resources))
    files.set(resourcePath(id, resource.type), writeJson({ ...resource, format: currentFormat }));
  for (const [id, values] of Object.entries(profiles)) files.set(`profiles/${id}.json`, writeJson(values));
  for (const [name, text] of Object.entries(schemas)) files.set(`schemas/${name}`, text);
  for (const [name, text] of Object.entries(tests)) files.set(`tests/${name}`, text);
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function resourcePath(id: string, type: string): string {
  return `resources/${id}.${type.split('.')[0]}.json`;
}

function writeProcess({ id, layout, activities, ...process }: Process, files: Map<string, string>): void {
  const blocks = Object.fromEntries(Object.values(activities).map(({ id: activityId, ...rest }) => [activityId, rest]));
  files.set(`processes/${id}${processEnding}`, writeJson({ ...process, activities: blocks, format: currentFormat }));
  files.set(`processes/${id}${layoutEnding}`, writeJson({ ...layout, format: currentFormat }));
}

function readProcesses(files: ProjectFiles, problems: ProjectProblem[]): Record<string, Process> {
  const processes: Record<string, Process> = {};
  for (const [id, path] of byName(files, 'processes', processEnding)) {
    if (!checkId(id, path, problems)) continue;
    const read = readFile(files, path, { kind: 'process', schema: processFile }, problems);
    const layoutPath = `processes/${id}${layoutEnding}`;
    const layout = files.has(layoutPath)
      ? readFile(files, layoutPath, { kind: 'layout', schema: layoutFile }, problems)
      : { positions: {} };
    if (!read || !layout) continue;
    const { format: _format, activities, ...rest } = read;
    const { format: _layoutFormat, ...layoutRest } = layout as typeof layout & { format?: number };
    processes[id] = {
      ...rest,
      id,
      activities: Object.fromEntries(Object.entries(activities).map(([name, block]) => [name, { ...block, id: name }])),
      layout: layoutRest as ProcessLayout,
    } as Process;
  }
  return processes;
}

function readResources(files: ProjectFiles, problems: ProjectProblem[]): Record<string, Resource> {
  const resources: Record<string, Resource> = {};
  for (const [name, path] of byName(files, 'resources', '.json')) {
    const id = name.replace(/\.[^.]*$/, '');
    if (!checkId(id, path, problems)) continue;
    const read = readFile(files, path, { kind: 'resource', schema: resourceFile }, problems);
    if (!read) continue;
    const { format: _format, ...rest } = read;
    const expectedPath = resourcePath(id, rest.type);
    if (expectedPath !== path)
      problems.push({
        code: 'FILE_NAME',
        file: path,
        message: `expected a resource of type ${rest.type} in ${expectedPath}, but found it in ${path}`,
      });
    else resources[id] = { ...rest, id } as Resource;
  }
  return resources;
}

function readProfiles(files: ProjectFiles, problems: ProjectProblem[]): Record<string, Record<string, string>> {
  const profiles: Record<string, Record<string, string>> = {};
  for (const [id, path] of byName(files, 'profiles', '.json')) {
    if (!checkId(id, path, problems)) continue;
    const values = readFile(files, path, { schema: profileFile }, problems);
    if (values) profiles[id] = values;
  }
  return profiles;
}

function byName(files: ProjectFiles, folder: string, ending: string): readonly (readonly [string, string])[] {
  return [...files.keys()]
    .filter((path) => path.startsWith(`${folder}/`) && path.endsWith(ending) && isProjectFile(path))
    .sort()
    .map((path) => [path.slice(folder.length + 1, path.length - ending.length), path] as const);
}

function checkId(id: string, path: string, problems: ProjectProblem[]): boolean {
  if (fileIdPattern.test(id)) return true;
  problems.push({
    code: 'FILE_NAME',
    file: path,
    message: `expected a file name of letters, digits, - and _, but found ${JSON.stringify(id)}`,
  });
  return false;
}
