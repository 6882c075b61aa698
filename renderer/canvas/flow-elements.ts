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
import { nodeHeight, nodeWidth } from '../edits/geometry.ts';
import type { Selection } from '../store/session-slice.ts';

/** What a node draws itself from; everything that changes often (counts, problems) it selects on its own. */
export type ActivityNode = Node<{ readonly activity: Activity; readonly process: string }, 'activity'>;

/** What a wire draws itself from. */
export type TransitionEdge = Edge<{ readonly transition: Transition; readonly process: string }, 'transition'>;

/** Diameter of a handle, px. */
const handleSize = 12;

/** Handle ids: what enters, what leaves after success, what leaves after an error. */
export const handles = { input: 'in', output: 'out', error: 'error' } as const;

const nodeHandles = [
  handleAt(handles.input, 'target', Side.Left, 0, nodeHeight / 2),
  handleAt(handles.output, 'source', Side.Right, nodeWidth, nodeHeight / 2),
  // Its dot is hidden most of the time, so its wire begins at the border.
  handleAt(handles.error, 'source', Side.Bottom, nodeWidth / 2, nodeHeight - 6),
];

function handleAt(id: string, type: 'source' | 'target', position: Side, x: number, y: number) {
  const half = handleSize / 2;
  return { id, type, position, x: x - half, y: y - half, width: handleSize, height: handleSize };
}

const measured = { width: nodeWidth, height: nodeHeight };

interface CanvasState {
  readonly process: Process;
  readonly selection: Selection;
  readonly dragPositions: Readonly<Record<ActivityId, Position>> | null;
}

/**
 * Makes React Flow's nodes of a process. Keeps the objects of activities that did not change, so that 500 of them cost
 * nothing when one moves. One instance per canvas.
 */
export function createNodeMaker(): (state: CanvasState) => ActivityNode[] {
  let known = new Map<ActivityId, ActivityNode>();
  return ({ process, selection, dragPositions }) => {
    const selected = new Set(selection.activities);
    const next = new Map<ActivityId, ActivityNode>();
    for (const activity of Object.values(process.activities)) {
      const position = dragPositions?.[activity.id] ?? process.layout.positions[activity.id] ?? { x: 0, y: 0 };
      const old = known.get(activity.id);
      const node = isCurrent(old, activity, position, selected, process.id)
        ? old
        : makeNode(activity, position, selected.has(activity.id), process.id);
      next.set(activity.id, node);
    }
    known = next;
    return [...next.values()];
  };
}

function isCurrent(
  old: ActivityNode | undefined,
  activity: Activity,
  position: Position,
  selected: ReadonlySet<ActivityId>,
  process: string,
): old is ActivityNode {
  if (old === undefined || old.data.activity !== activity || old.data.process !== process) return false;
  return old.position.x === position.x && old.position.y === position.y && old.selected === selected.has(activity.id);
}

function makeNode(activity: Activity, position: Position, selected: boolean, process: string): ActivityNode {
  return {
    id: activity.id,
    type: 'activity',
    position,
    selected,
    data: { activity, process },
    width: nodeWidth,
    height: nodeHeight,
    measured,
    handles: nodeHandles,
    ariaLabel: activity.name,
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
    for (const transition of process.transitions) {
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
