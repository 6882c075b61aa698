import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Project } from '../../engine/model/document.ts';
import { writeProject } from '../../engine/model/project-files.ts';

/** A project of a test's own, in a folder that nothing else is in. */
export function writeProjectFolder(project: Project): {
  readonly folder: string;
  readonly projectPath: string;
  remove(): void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-e2e-'));
  const projectPath = join(folder, project.name);
  for (const [path, text] of writeProject(project)) {
    mkdirSync(dirname(join(projectPath, path)), { recursive: true });
    writeFileSync(join(projectPath, path), text);
  }
  return { folder, projectPath, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A project whose process `main` logs a text at every tick; it needs no cluster. */
export function tickingProject(name: string): Project {
  return {
    ...{ format: 1, name, version: '1.0.0', properties: {}, resources: {}, profiles: {}, schemas: {}, tests: {} },
    processes: {
      main: {
        id: 'main',
        name: 'Main',
        activities: {
          tick: { id: 'tick', name: 'Tick', type: 'general.timer', config: { intervalMs: 100 }, input: {} },
          log: { id: 'log', name: 'Log', type: 'general.log', config: {}, input: { message: `"of ${name}"` } },
        },
        transitions: [{ id: 't', from: 'tick', to: 'log', kind: 'success' }],
        layout: { positions: { tick: { x: 0, y: 0 }, log: { x: 304, y: 0 } } },
      },
    },
  };
}
