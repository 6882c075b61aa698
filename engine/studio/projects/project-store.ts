import { realpath } from 'node:fs/promises';
import type { Log } from '../../base/log.ts';
import type { Project } from '../../model/document.ts';
import { readProject } from '../../model/project-files.ts';
import type { ProjectSnapshot } from '../contract.ts';
import { ProjectError } from './project-error.ts';
import type { Files } from './project-folder.ts';
import { readProjectFolder, revisionOf, writeProjectFolder } from './project-folder.ts';
import { watchProjectFolder } from './watch-folder.ts';

/** One project folder that a window has open: what is on disk, how it is saved, who else changes it. */
export class ProjectStore {
  /** Absolute path of the folder. */
  readonly path: string;
  readonly #log: Log;
  #files: Files;
  #revision: string;
  #document: { readonly of: Files; readonly project: Project | undefined } | undefined;
  #onChanged: (snapshot: ProjectSnapshot) => void = () => {};
  #stopWatching: () => void = () => {};
  #work: Promise<unknown> = Promise.resolve();

  private constructor({ path, files, revision }: ProjectSnapshot, log: Log) {
    this.path = path;
    this.#files = files;
    this.#revision = revision;
    this.#log = log;
  }

  /** Reads a folder. Rejects with PROJECT_NOT_FOUND, PROJECT_TOO_LARGE, PROJECT_READ_FAILED. Files with errors in them open all the same. */
  static async open(folder: string, log: Log): Promise<{ store: ProjectStore; snapshot: ProjectSnapshot }> {
    const files = await readProjectFolder(folder);
    const path = await realpath(folder);
    const revision = revisionOf(files);
    const snapshot = { path, files, revision };
    return { store: new ProjectStore(snapshot, log), snapshot };
  }

  /** The document as it was last read or saved; undefined where its files have errors in them. Nothing is read from disk for it. */
  get document(): Project | undefined {
    if (this.#document?.of !== this.#files) {
      const read = readProject(new Map(Object.entries(this.#files)));
      this.#document = { of: this.#files, project: read.ok ? read.value : undefined };
    }
    return this.#document.project;
  }

  /** Calls `listener` when somebody else changed files of the project. One listener. */
  onChangedOnDisk(listener: (snapshot: ProjectSnapshot) => void): void {
    this.#onChanged = listener;
    this.#stopWatching();
    this.#stopWatching = watchProjectFolder(this.path, () => void this.#inTurn(() => this.#look()));
  }

  /** Writes what differs. Rejects with PROJECT_CHANGED_ON_DISK unless `baseRevision` is what stands there now, or `overwrite`. */
  save(files: Files, baseRevision: string, overwrite: boolean): Promise<{ revision: string }> {
    return this.#inTurn(async () => {
      const before = await this.#onDisk();
      const found = revisionOf(before);
      if (found !== baseRevision && !overwrite) {
        const message = `expected the files of ${this.path} as this window read them, found that somebody changed them since`;
        throw new ProjectError('PROJECT_CHANGED_ON_DISK', message, { details: { revision: found } });
      }
      await writeProjectFolder(this.path, before, files);
      this.#files = files;
      this.#revision = revisionOf(files);
      return { revision: this.#revision };
    });
  }

  close(): void {
    this.#stopWatching();
    this.#onChanged = () => {};
  }

  /** With `overwrite` a folder that was emptied meanwhile is written anew. */
  async #onDisk(): Promise<Files> {
    try {
      return await readProjectFolder(this.path);
    } catch (thrown) {
      if (thrown instanceof ProjectError && thrown.code === 'PROJECT_NOT_FOUND') return {};
      throw thrown;
    }
  }

  async #look(): Promise<void> {
    try {
      const files = await readProjectFolder(this.path);
      const revision = revisionOf(files);
      if (revision === this.#revision) return;
      this.#files = files;
      this.#revision = revision;
      this.#onChanged({ path: this.path, files, revision });
    } catch (thrown) {
      this.#log.warn('the project on disk cannot be read', { path: this.path, error: thrown });
    }
  }

  /** One piece of work after another, so that a look never sees half of a save. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#work.then(work, work);
    this.#work = turn.catch(() => {});
    return turn;
  }
}
