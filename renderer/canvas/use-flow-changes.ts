import { useMemo } from 'react';
import type { Connection, EdgeChange, IsValidConnection, NodeChange, OnConnectEnd, XYPosition } from 'reactflow';
import type { ActivityId, Process, TransitionKind } from '../../engine/model/document.ts';
import { outermost, parentOf, withInside } from '../../engine/model/scopes.ts';
import { drawWire } from '../commands/draw-wire.ts';
import { whyNotConnect } from '../edits/can-connect.ts';
import { moveActivities } from '../edits/move-activities.ts';
import type { Palette } from '../edits/palette.ts';
import { add, scopeBoxes } from '../edits/scope-boxes.ts';
import type { Rehomed } from '../edits/scopes.ts';
import { mayStandIn, rehome } from '../edits/scopes.ts';
import { activeProcessOf } from '../store/selectors.ts';
import type { StudioStore } from '../store/studio-store.ts';
import type { ActivityNode, TransitionEdge } from './flow-elements.ts';
import { handles } from './flow-elements.ts';

/** What React Flow reports, turned into selection and commands. Stable for the life of the canvas. */
export function useFlowChanges(store: StudioStore) {
  return useMemo(
    () => ({
      onNodesChange: (changes: NodeChange<ActivityNode>[]) => {
        takeSelection(store, 'activities', changes);
        takePositions(store, changes);
      },
      onEdgesChange: (changes: EdgeChange<TransitionEdge>[]) => takeSelection(store, 'transitions', changes),
      onConnect: (connection: Connection) => drawWire(store, wireOf(connection)),
      isValidConnection: ((connection) => {
        const state = store.getState();
        const process = activeProcessOf(state);
        return process !== undefined && whyNotConnect(process, state.palette, wireOf(connection)) === undefined;
      }) satisfies IsValidConnection<TransitionEdge>,
      onConnectEnd: ((_event, { isValid, fromNode, toNode, fromHandle }) => {
        // React Flow refuses silently; say why when the wire did reach an activity.
        if (isValid || fromNode === null || toNode === null) return;
        const isBackwards = fromHandle?.type === 'target';
        const [from, to] = isBackwards ? [toNode.id, fromNode.id] : [fromNode.id, toNode.id];
        drawWire(store, { from, to, kind: isBackwards ? 'success' : kindOf(fromHandle?.id) });
      }) satisfies OnConnectEnd,
    }),
    [store],
  );
}

function wireOf(connection: { source: string; target: string; sourceHandle?: string | null | undefined }) {
  return { from: connection.source, to: connection.target, kind: kindOf(connection.sourceHandle) };
}

function kindOf(handle: string | null | undefined): TransitionKind {
  return handle === handles.error ? 'error' : 'success';
}

function takeSelection(
  store: StudioStore,
  part: 'activities' | 'transitions',
  changes: readonly (NodeChange<ActivityNode> | EdgeChange<TransitionEdge>)[],
): void {
  const selected = changes.filter((change) => change.type === 'select');
  if (selected.length === 0) return;
  const { selection, select } = store.getState();
  const marked = new Set(selection[part]);
  for (const change of selected) {
    if (change.selected) marked.add(change.id);
    else marked.delete(change.id);
  }
  select({ ...selection, [part]: [...marked] });
}

/** While dragging, positions are session state; the drop is one command. */
function takePositions(store: StudioStore, changes: readonly NodeChange<ActivityNode>[]): void {
  const moved: Record<string, XYPosition> = {};
  let isDragging = false;
  for (const change of changes) {
    if (change.type !== 'position' || change.position === undefined) continue;
    moved[change.id] = change.position;
    isDragging ||= change.dragging === true;
  }
  if (Object.keys(moved).length === 0) return;
  const { dragPositions, setDragPositions, activeProcess, edit, palette } = store.getState();
  if (isDragging) {
    setDragPositions({ ...dragPositions, ...moved });
    return;
  }
  setDragPositions(null);
  const process = activeProcessOf(store.getState());
  if (activeProcess === null || process === undefined) return;
  const rehomed = rehomedBy(process, palette, moved);
  edit('Move', (project) => rehome(activeProcess, rehomed)(moveActivities(activeProcess, moved)(project)));
}

/** Of what was dropped: what has its middle in another scope now, or outside of its own. What was dragged is left out of its own scope. */
function rehomedBy(
  process: Process,
  palette: Palette,
  moved: Readonly<Record<ActivityId, XYPosition>>,
): readonly Rehomed[] {
  const boxes = scopeBoxes(process, palette);
  const rehomed: Rehomed[] = [];
  for (const id of outermost(process, Object.keys(moved))) {
    const scope = parentOf(process, id);
    const place = add(scope === undefined ? { x: 0, y: 0 } : boxes.place(scope), moved[id]!);
    const { width, height } = boxes.size(id);
    const inside = new Set(withInside(process, [id]));
    const target = boxes.scopeAt({ x: place.x + width / 2, y: place.y + height / 2 }, inside);
    if (target !== scope && mayStandIn(process, palette, id, target)) rehomed.push({ id, scope: target, place });
  }
  return rehomed;
}
