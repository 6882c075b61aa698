import type { Place } from './place.ts';
import { emptySelection } from './session-slice.ts';
import type { StudioState, StudioStore } from './studio-store.ts';

/** Where the window is. */
export function placeOf(state: StudioState): Place {
  const { activities } = state.selection;
  return {
    project: state.projectPath,
    process: state.activeProcess,
    activity: activities.length === 1 ? (activities[0] ?? null) : null,
    view: state.view,
    browse: state.browse,
  };
}

/** Goes to a place of the project that is open. What is not there any more is left out. */
export function goTo(store: StudioStore, place: Place): void {
  const { project, openProcess, show } = store.getState();
  const process =
    project !== null && place.process !== null && Object.hasOwn(project.processes, place.process)
      ? project.processes[place.process]
      : undefined;
  if (process !== undefined) {
    const isThere = place.activity !== null && Object.hasOwn(process.activities, place.activity);
    openProcess(process.id, isThere ? { activities: [place.activity!] } : emptySelection);
  }
  show({ view: place.view, browse: place.browse });
}
