import type { ActivityId, Position, ProcessId, ResourceId, TransitionId } from '../../engine/model/document.ts';
import type { Problem } from '../../engine/model/problem.ts';
import type { BrowsePlace } from './browse-place.ts';
import { emptyBrowse } from './browse-place.ts';
import type { CanvasPort } from './canvas-port.ts';
import type { BottomPanel, CentreView, DrawerName } from './panel-list.ts';
import type { Place } from './place.ts';
import type { MakeSlice } from './slice.ts';

/** What is marked on the canvas of the active process. */
export interface Selection {
  readonly activities: readonly ActivityId[];
  readonly transitions: readonly TransitionId[];
}

export type Theme = 'light' | 'dark';
export type PropertiesTab = 'settings' | 'about' | 'input' | 'output';
/** What the modal layer shows. */
export type Overlay =
  | { readonly kind: 'commands' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'openProject'; readonly purpose: 'open' | 'new' }
  | { readonly kind: 'rename'; readonly of: RenameTarget };
export type RenameTarget =
  | { readonly kind: 'activity'; readonly process: ProcessId; readonly id: ActivityId }
  | { readonly kind: 'process'; readonly id: ProcessId }
  | { readonly kind: 'resource'; readonly id: ResourceId };

type ShownPart = 'browse' | 'view' | 'drawer' | 'bottom' | 'overlay' | 'theme' | 'propertiesTab' | 'wantedField';

/** What belongs to this window: never saved, never undone. */
export interface SessionSlice {
  readonly activeProcess: ProcessId | null;
  readonly selection: Selection;
  /** True while the keyboard gathers activities: the focus then walks without marking; the toggle key marks. */
  readonly isGathering: boolean;
  readonly selectedResource: ResourceId | null;
  /** Field that the properties panel is asked to bring to view and focus: `config.topic`, `input.value`. */
  readonly wantedField: string | null;
  readonly view: CentreView;
  /** What the topic browser shows. */
  readonly browse: BrowsePlace;
  /** Where the address of the page led to; gone once the project of it is open. */
  readonly startPlace: Place | null;
  readonly drawer: DrawerName | null;
  readonly bottom: BottomPanel | null;
  readonly propertiesTab: PropertiesTab;
  readonly overlay: Overlay | null;
  readonly theme: Theme;
  /** Where nodes stand while they are being dragged; the drop makes it a command. */
  readonly dragPositions: Readonly<Record<ActivityId, Position>> | null;
  /** What validation said of the document last. */
  readonly problems: readonly Problem[];
  /** The worst of each activity's problems, by `<process>/<activity>`: hundreds of nodes ask for theirs at every change. */
  readonly severities: ReadonlyMap<string, Problem['severity']>;
  readonly canvas: CanvasPort | null;
  readonly select: (selection: Partial<Selection>) => void;
  /** Takes an activity in or out of what is marked; the first time it only keeps what is marked already. */
  readonly gather: (activity: ActivityId) => void;
  readonly openProcess: (process: ProcessId, selection?: Partial<Selection>) => void;
  readonly selectResource: (resource: ResourceId | null) => void;
  readonly show: (part: Partial<Pick<SessionSlice, ShownPart>>) => void;
  /** Goes to a place once the project of it is open; null when there is none to go to any more. */
  readonly startAt: (place: Place | null) => void;
  /** Lets commands reach a canvas; the function that comes back takes it away, unless another one is there by then. */
  readonly lendCanvas: (port: CanvasPort) => () => void;
  readonly setDragPositions: (positions: Readonly<Record<ActivityId, Position>> | null) => void;
  readonly takeProblems: (problems: readonly Problem[]) => void;
}

/** Nothing marked. */
export const emptySelection: Selection = { activities: [], transitions: [] };

/** The key of an activity in `severities`. */
export function severityKey(process: ProcessId, activity: ActivityId): string {
  return `${process}/${activity}`;
}

function severitiesOf(problems: readonly Problem[]): ReadonlyMap<string, Problem['severity']> {
  const worst = new Map<string, Problem['severity']>();
  for (const { process, activity, severity } of problems) {
    if (process === undefined || activity === undefined) continue;
    const key = severityKey(process, activity);
    if (worst.get(key) !== 'error') worst.set(key, severity);
  }
  return worst;
}

/** Creates the session slice. */
export const createSessionSlice: MakeSlice<SessionSlice> = (set, get) => ({
  activeProcess: null,
  selection: emptySelection,
  isGathering: false,
  selectedResource: null,
  wantedField: null,
  view: 'design',
  browse: emptyBrowse,
  startPlace: null,
  drawer: 'palette',
  bottom: null,
  propertiesTab: 'settings',
  overlay: null,
  theme: 'light',
  dragPositions: null,
  problems: [],
  severities: new Map(),
  canvas: null,
  select: (selection) =>
    set({
      selection: { ...emptySelection, ...selection },
      isGathering: false,
      selectedResource: null,
      wantedField: null,
    }),
  gather: (activity) => {
    const { selection, isGathering } = get();
    const { activities } = selection;
    if (!activities.includes(activity)) {
      set({ selection: { ...selection, activities: [...activities, activity] }, isGathering: true });
      return;
    }
    if (!isGathering) set({ isGathering: true });
    else set({ selection: { ...selection, activities: activities.filter((id) => id !== activity) } });
  },
  openProcess: (activeProcess, selection) =>
    set({
      activeProcess,
      selection: { ...emptySelection, ...selection },
      isGathering: false,
      selectedResource: null,
      view: 'design',
      dragPositions: null,
    }),
  selectResource: (selectedResource) => set({ selectedResource, selection: emptySelection, wantedField: null }),
  show: (part) => set(part),
  startAt: (startPlace) => set({ startPlace }),
  lendCanvas: (canvas) => {
    set({ canvas });
    return () => {
      if (get().canvas === canvas) set({ canvas: null });
    };
  },
  setDragPositions: (dragPositions) => set({ dragPositions }),
  takeProblems: (problems) => set({ problems, severities: severitiesOf(problems) }),
});
