import { useMemo } from 'react';
import type { Connection, EdgeChange, IsValidConnection, NodeChange, OnConnectEnd, XYPosition } from 'reactflow';
import type { TransitionKind } from '../../engine/model/document.ts';
import { drawWire } from '../commands/draw-wire.ts';
import { whyNotConnect } from '../edits/can-connect.ts';
import { moveActivities } from '../edits/move-activities.ts';
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
  const { dragPositions, setDragPositions, activeProcess, edit } = store.getState();
  if (isDragging) {
    setDragPositions({ ...dragPositions, ...moved });
    return;
  }
  setDragPositions(null);
  if (activeProcess !== null) edit('Move', moveActivities(activeProcess, moved));
}
