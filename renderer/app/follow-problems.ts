import type { Project } from '../../engine/model/document.ts';
import type { Problem } from '../../engine/model/problem.ts';
import type { Palette, StudioStore } from '../store/studio-store.ts';

/** Finds what is wrong in a project. */
export type Validate = (project: Project, palette: Palette) => readonly Problem[];

/**
 * Keeps the list of problems true. Off the edit path: it runs when the window is idle, once for any number of edits.
 * Returns a function that ends it.
 */
export function followProblems(store: StudioStore, validate: Validate): () => void {
  let isDue = false;
  const check = () => {
    isDue = false;
    const { project, palette } = store.getState();
    store.setState({ problems: project === null ? [] : validate(project, palette) });
  };
  const schedule = () => {
    if (isDue) return;
    isDue = true;
    requestIdleCallback(check, { timeout: idleWaitMsMax });
  };
  schedule();
  return store.subscribe((state, before) => {
    if (state.project !== before.project) schedule();
  });
}

/** Longest wait for an idle moment, ms. */
const idleWaitMsMax = 200;
