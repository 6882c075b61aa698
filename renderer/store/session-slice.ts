import type { StateCreator } from 'zustand/vanilla';
import type { ActivityId, Position, ProcessId, ResourceId, TransitionId } from '../../engine/model/document.ts';
import type { Problem } from '../../engine/model/problem.ts';
import type { BrowsePlace } from './browse-place.ts';
import { emptyBrowse } from './browse-place.ts';
import type { CanvasPort } from './canvas-port.ts';
import type { Place } from './place.ts';
import type { StudioState } from './studio-store.ts';

/** What is marked on the canvas of the active process. */
export interface Selection {
  readonly activities: readonly ActivityId[];
  readonly transitions: readonly TransitionId[];
}

export type CentreView = 'design' | 'topics';
export type DrawerName = 'palette' | 'project';
export type BottomPanel = 'jobs' | 'problems' | 'topics' | 'log' | 'cluster';
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

/** What a notice can tell of and go with: the cluster, a start that was refused, saving, files that others wrote, the way to the studio, a copy or download. */
export type NoticeSubject = 'cluster' | 'start' | 'save' | 'disk' | 'studio' | 'copy';

/** A message that floats at the corner of the window. */
export interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'success' | 'warning' | 'danger';
  readonly text: string;
  /** What it tells of: later news of the same take its place, and it goes when its cause has gone. */
  readonly about?: NoticeSubject;
  readonly actions?: readonly { readonly label: string; readonly run: () => void }[];
}

/** Notices shown at once; older ones go. */
const noticesMax = 4;

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
  readonly notices: readonly Notice[];
  readonly canvas: CanvasPort | null;
  readonly select: (selection: Partial<Selection>) => void;
  /** Takes an activity in or out of what is marked; the first time it only keeps what is marked already. */
  readonly gather: (activity: ActivityId) => void;
  readonly openProcess: (process: ProcessId, selection?: Partial<Selection>) => void;
  readonly selectResource: (resource: ResourceId | null) => void;
  readonly show: (part: Partial<Pick<SessionSlice, ShownPart>>) => void;
  readonly setDragPositions: (positions: Readonly<Record<ActivityId, Position>> | null) => void;
  readonly setProblems: (problems: readonly Problem[]) => void;
  readonly notify: (notice: Omit<Notice, 'id'>) => void;
  readonly dismissNotice: (id: number) => void;
  /** Lets go of what was told of a subject: its cause has gone. */
  readonly dismissNoticesAbout: (about: NoticeSubject) => void;
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
export const createSessionSlice: StateCreator<StudioState, [], [], SessionSlice> = (set, get) => ({
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
  notices: [],
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
  setDragPositions: (dragPositions) => set({ dragPositions }),
  setProblems: (problems) => {
    set({ problems, severities: severitiesOf(problems) });
    if (!problems.some(({ severity }) => severity === 'error')) get().dismissNoticesAbout('start');
  },
  notify: (notice) => {
    const id = (get().notices.at(-1)?.id ?? 0) + 1;
    const isReplaced = (other: Notice) =>
      other.text === notice.text || (notice.about !== undefined && other.about === notice.about);
    const others = get().notices.filter((other) => !isReplaced(other));
    set({ notices: [...others, { ...notice, id }].slice(-noticesMax) });
  },
  dismissNotice: (id) => set({ notices: get().notices.filter((notice) => notice.id !== id) }),
  dismissNoticesAbout: (about) => {
    const { notices } = get();
    if (notices.some((notice) => notice.about === about))
      set({ notices: notices.filter((notice) => notice.about !== about) });
  },
});
