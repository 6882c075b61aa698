import type { Edge, Node } from 'reactflow';
import { MarkerType, Position as Side } from 'reactflow';
import type {
  Activity,
  ActivityId,
  Position,
  Process,
  Transition,
  TransitionKind,
} from '../../engine/model/document.ts';
import { ancestorsOf } from '../../engine/model/scopes.ts';
import { nodeHeight, nodeWidth } from '../edits/geometry.ts';
import type { Palette } from '../edits/palette.ts';
import type { ScopeBoxes, Size } from '../edits/scope-boxes.ts';
import { scopeBoxes } from '../edits/scope-boxes.ts';
import type { Selection } from '../store/session-slice.ts';

/** What a node draws itself from; everything that changes often (counts, problems) it selects on its own. */
export type ActivityNode = Node<
  {
    readonly activity: Activity;
    readonly process: string;
    /** Of a scope: whether it is drawn with what is inside; undefined for other activities. */
    readonly isOpen: boolean | undefined;
  },
  'activity' | 'scope'
>;

/** What a wire draws itself from. */
export type TransitionEdge = Edge<{ readonly transition: Transition; readonly process: string }, 'transition'>;

/** Diameter of a handle, px. */
const handleSize = 12;

/** Handle ids: what enters, what leaves after success, what leaves after an error. */
export const handles = { input: 'in', output: 'out', error: 'error' } as const;

function handlesOf({ width, height }: Size) {
  return [
    handleAt(handles.input, 'target', Side.Left, 0, height / 2),
    handleAt(handles.output, 'source', Side.Right, width, height / 2),
    // Its dot is hidden most of the time, so its wire begins at the border.
    handleAt(handles.error, 'source', Side.Bottom, width / 2, height - 6),
  ];
}

function handleAt(id: string, type: 'source' | 'target', position: Side, x: number, y: number) {
  const half = handleSize / 2;
  return { id, type, position, x: x - half, y: y - half, width: handleSize, height: handleSize };
}

const nodeHandles = handlesOf({ width: nodeWidth, height: nodeHeight });

interface CanvasState {
  readonly process: Process;
  readonly palette: Palette;
  readonly selection: Selection;
  readonly dragPositions: Readonly<Record<ActivityId, Position>> | null;
}

/** What a node looks like besides its activity. */
interface Look {
  readonly position: Position;
  readonly size: Size;
  readonly selected: boolean;
  readonly isOpen: boolean | undefined;
  readonly process: string;
}

/**
 * Makes React Flow's nodes of a process: a scope before what is inside of it, and nothing of what is inside of a closed one. Keeps the
 * objects of activities that did not change, so that 500 of them cost nothing when one moves. One instance per canvas.
 */
export function createNodeMaker(): (state: CanvasState) => ActivityNode[] {
  let known = new Map<ActivityId, ActivityNode>();
  let boxes: { readonly of: Process; readonly boxes: ScopeBoxes } | undefined;
  return ({ process, palette, selection, dragPositions }) => {
    const selected = new Set(selection.activities);
    const next = new Map<ActivityId, ActivityNode>();
    // Without what is being dragged: a scope that grew with it could not be left.
    if (boxes?.of !== process) boxes = { of: process, boxes: scopeBoxes(process, palette) };
    const { isHidden, isOpen, size } = boxes.boxes;
    for (const activity of fromOutside(process)) {
      const { id } = activity;
      if (isHidden(id)) continue;
      const look: Look = {
        position: dragPositions?.[id] ?? process.layout.positions[id] ?? { x: 0, y: 0 },
        size: size(id),
        selected: selected.has(id),
        isOpen: palette.get(activity.type)?.kind === 'scope' ? isOpen(id) : undefined,
        process: process.id,
      };
      const old = known.get(id);
      next.set(id, isCurrent(old, activity, look) ? old : makeNode(activity, look));
    }
    known = next;
    return [...next.values()];
  };
}

/** Each activity after the scope that it stands in. */
function fromOutside(process: Process): readonly Activity[] {
  const all = Object.values(process.activities);
  if (all.every(({ parent }) => parent === undefined)) return all;
  return all.toSorted((a, b) => ancestorsOf(process, a.id).length - ancestorsOf(process, b.id).length);
}

function isCurrent(old: ActivityNode | undefined, activity: Activity, look: Look): old is ActivityNode {
  if (old === undefined || old.data.activity !== activity || old.data.process !== look.process) return false;
  const { position, size, selected, isOpen } = look;
  return (
    old.position.x === position.x &&
    old.position.y === position.y &&
    old.width === size.width &&
    old.height === size.height &&
    old.selected === selected &&
    old.data.isOpen === isOpen
  );
}

function makeNode(activity: Activity, { position, size, selected, isOpen, process }: Look): ActivityNode {
  return {
    id: activity.id,
    type: isOpen === undefined ? 'activity' : 'scope',
    position,
    selected,
    data: { activity, process, isOpen },
    ...size,
    measured: size,
    handles: isOpen ? handlesOf(size) : nodeHandles,
    ariaLabel: activity.name,
    ...(activity.parent === undefined ? {} : { parentId: activity.parent }),
    // Only the head and the border of an open scope can be hit: what is inside is a canvas, for marking, dropping and panning.
    ...(isOpen ? { dragHandle: '.scope-head', style: { pointerEvents: 'none' } } : {}),
  };
}

/** CSS colour of a wire of a kind. */
export const wireColors: Readonly<Record<TransitionKind, string>> = {
  success: 'var(--wire)',
  condition: 'var(--wire-condition)',
  otherwise: 'var(--wire)',
  error: 'var(--wire-error)',
};

/** Makes React Flow's edges of a process, keeping those that did not change. */
export function createEdgeMaker(): (process: Process, selection: Selection) => TransitionEdge[] {
  let known = new Map<string, TransitionEdge>();
  return (process, selection) => {
    const next = new Map<string, TransitionEdge>();
    const { isHidden } = scopeBoxes(process);
    for (const transition of process.transitions) {
      if (isHidden(transition.from) || isHidden(transition.to)) continue;
      const selected = selection.transitions.includes(transition.id);
      const old = known.get(transition.id);
      const isSame =
        old?.data?.transition === transition && old.selected === selected && old.data.process === process.id;
      next.set(transition.id, isSame ? old! : makeEdge(transition, selected, process.id));
    }
    known = next;
    return [...next.values()];
  };
}

function makeEdge(transition: Transition, selected: boolean, process: string): TransitionEdge {
  const color = selected ? 'var(--accent)' : wireColors[transition.kind];
  return {
    id: transition.id,
    type: 'transition',
    source: transition.from,
    target: transition.to,
    sourceHandle: transition.kind === 'error' ? handles.error : handles.output,
    targetHandle: handles.input,
    selected,
    data: { transition, process },
    markerEnd: { type: MarkerType.ArrowClosed, color, width: 16, height: 16 },
    zIndex: selected ? 1 : 0,
  };
}
