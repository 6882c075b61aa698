import type { Emit } from '../rpc/define-contract.ts';
import type { StudioContract } from './contract.ts';
import type { ProjectStore } from './projects/project-store.ts';

/** One window: the project it shows, and what must end when it goes. */
export class StudioSession {
  readonly emit: Emit<StudioContract>;
  #project: ProjectStore | undefined;
  readonly #closers = new Set<() => unknown>();
  #isClosed = false;

  constructor(emit: Emit<StudioContract>) {
    this.emit = emit;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get project(): ProjectStore | undefined {
    return this.#project;
  }

  /** Shows another project; the one before is let go. */
  openProject(project: ProjectStore): void {
    this.#project?.close();
    this.#project = project;
    if (this.#isClosed) project.close();
    else project.onChangedOnDisk((snapshot) => this.emit('project.changedOnDisk', snapshot));
  }

  /** Ties something to the life of the window; returns a function that ends it earlier. */
  own(close: () => unknown): () => Promise<void> {
    const end = async () => {
      if (this.#closers.delete(end)) await close();
    };
    this.#closers.add(end);
    if (this.#isClosed) void end();
    return end;
  }

  /** Ends everything that belongs to the window. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#project?.close();
    await Promise.allSettled([...this.#closers].map((end) => (end as () => Promise<void>)()));
  }
}
