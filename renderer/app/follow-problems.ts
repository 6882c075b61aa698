import { analyseExpression } from '../../engine/expressions/analyse-expression.ts';
import { validateProject } from '../../engine/model/rules/validate-project.ts';
import type { StudioStore } from '../store/studio-store.ts';

/**
 * Keeps the list of problems true. Off the edit path: it runs when the window is idle, once for any number of edits.
 * Returns a function that ends it.
 */
export function followProblems(store: StudioStore): () => void {
  let isDue = false;
  const check = () => {
    isDue = false;
    const { project, palette } = store.getState();
    const problems = project === null ? [] : validateProject(project, { catalog: palette, analyse: analyseExpression });
    store.getState().setProblems(problems);
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
