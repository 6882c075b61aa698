import type { Problem } from '../../../engine/model/problem.ts';
import type { StudioStore } from '../../store/studio-store.ts';

/** Marks the thing that a problem is about and brings it to view; with `toField` the keyboard goes to the field too. */
export function goToProblem(store: StudioStore, problem: Problem, toField: boolean): void {
  const { openProcess, selectResource, show } = store.getState();
  const { process, activity, transition, resource, field } = problem;
  if (resource !== undefined) selectResource(resource);
  else if (process !== undefined) {
    openProcess(process, {
      activities: activity === undefined ? [] : [activity],
      transitions: transition === undefined ? [] : [transition],
    });
    if (activity !== undefined) requestAnimationFrame(() => store.getState().canvas?.reveal(activity));
  }
  if (field === undefined) return;
  show({ propertiesTab: field.startsWith('input.') ? 'input' : 'settings' });
  if (toField) show({ wantedField: field });
}
