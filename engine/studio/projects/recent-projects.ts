import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectFileName } from '../../model/project-files.ts';

const recentSchema = z.array(z.object({ path: z.string(), name: z.string() }));
export type RecentProject = z.infer<typeof recentSchema>[number];

/** Projects remembered. */
const recentMax = 20;

/** The projects that were opened last, newest first, in the user's folder. A file that cannot be read or written costs only the list. */
export class RecentProjects {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Those that are still there. */
  list(): RecentProject[] {
    return this.#read().filter(({ path }) => existsSync(join(path, projectFileName)));
  }

  add(project: RecentProject): void {
    const others = this.#read().filter(({ path }) => path !== project.path);
    const text = JSON.stringify([project, ...others].slice(0, recentMax), null, 2);
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(`${this.#file}.part`, `${text}\n`, { mode: 0o600 });
      renameSync(`${this.#file}.part`, this.#file);
    } catch {
      // A home that cannot be written is common in containers.
    }
  }

  get #file(): string {
    return join(this.#folder, 'recent-projects.json');
  }

  #read(): RecentProject[] {
    try {
      return recentSchema.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch {
      return [];
    }
  }
}
