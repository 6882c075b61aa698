import 'reactflow/dist/style.css';
import './canvas.css';
import type { DragEvent, FocusEvent, MouseEvent as ReactMouseEvent } from 'react';
import { useMemo, useRef } from 'react';
import type { ReactFlowInstance, ReactFlowProps } from 'reactflow';
import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useReactFlow,
  useStore,
} from 'reactflow';
import type { Process } from '../../engine/model/document.ts';
import { insertActivity } from '../commands/insert-activity.ts';
import { gridSize, nodeHeight, nodeWidth } from '../edits/geometry.ts';
import { activeProcessOf } from '../store/selectors.ts';
import type { StudioStore } from '../store/studio-store.ts';
import { useStudio, useStudioStore } from '../store/use-studio.ts';
import { ActivityNodeView } from './activity-node.tsx';
import { CanvasControls } from './canvas-controls.tsx';
import { CanvasHint } from './canvas-hint.tsx';
import { distanceOf, drawAllMax, NodeDetailContext } from './far-view.ts';
import { FarWires } from './far-wires.tsx';
import type { ActivityNode, TransitionEdge } from './flow-elements.ts';
import { createEdgeMaker, createNodeMaker } from './flow-elements.ts';
import { nearestWire } from './nearest-wire.ts';
import { activityMediaType } from './palette-drag.ts';
import { ScopeNodeView } from './scope-node.tsx';
import { TransitionEdgeView } from './transition-edge.tsx';
import { fitOptions, useCanvasPort } from './use-canvas-port.ts';
import { useFlowChanges } from './use-flow-changes.ts';
import { useView } from './use-view.ts';

/** What never changes. One object, so that React Flow sees the same values at every draw. */
const settings: Partial<ReactFlowProps<ActivityNode, TransitionEdge>> = {
  nodeTypes: { activity: ActivityNodeView, scope: ScopeNodeView },
  edgeTypes: { transition: TransitionEdgeView },
  fitView: true,
  fitViewOptions: fitOptions,
  minZoom: 0.1,
  maxZoom: 2,
  snapToGrid: true,
  snapGrid: [gridSize, gridSize],
  panOnScroll: true,
  // The middle button pans; the left one draws a selection, Space with it pans.
  panOnDrag: [1],
  selectionOnDrag: true,
  selectionMode: SelectionMode.Partial,
  multiSelectionKeyCode: ['Control', 'Meta', 'Shift'],
  deleteKeyCode: null,
  disableKeyboardA11y: true,
  edgesFocusable: false,
  connectionRadius: 28,
  elevateNodesOnSelect: false,
  zoomOnDoubleClick: false,
  proOptions: { hideAttribution: true },
};

/** Wires from afar are not React Flow's. */
const noEdges: TransitionEdge[] = [];

/** Above this many the overview map is shown. */
const mapFrom = 12;

interface FlowCanvasProps {
  /** Opens the context menu at a point of the window. */
  readonly onMenu: (x: number, y: number) => void;
}

/** The canvas of the active process. React Flow's types end here. */
export function FlowCanvas({ onMenu }: FlowCanvasProps) {
  const process = useStudio(activeProcessOf);
  if (process === undefined) return null;
  return (
    <ReactFlowProvider key={process.id}>
      <Flow process={process} onMenu={onMenu} />
    </ReactFlowProvider>
  );
}

function Flow({ process, onMenu }: FlowCanvasProps & { readonly process: Process }) {
  const store = useStudioStore();
  const selection = useStudio((state) => state.selection);
  const dragPositions = useStudio((state) => state.dragPositions);
  const palette = useStudio((state) => state.palette);
  const makeNodes = useRef(createNodeMaker()).current;
  const makeEdges = useRef(createEdgeMaker()).current;
  const nodes = useMemo(
    () => makeNodes({ process, palette, selection, dragPositions }),
    [makeNodes, process, palette, selection, dragPositions],
  );
  const distance = useStore(distanceOf);
  const isFar = distance !== 'near';
  const isLarge = nodes.length > drawAllMax;
  const detail = useMemo(() => ({ isFar, canConnect: !(isFar && isLarge) }), [isFar, isLarge]);
  const edges = useMemo(
    () => (detail.canConnect ? makeEdges(process, selection) : noEdges),
    [makeEdges, process, selection, detail],
  );
  const changes = useFlowChanges(store);
  const flow = useReactFlow<ActivityNode, TransitionEdge>();
  const host = useRef<HTMLDivElement>(null);
  const isHeld = useRef(false);
  useCanvasPort(store, flow, host, isHeld);
  const moves = useView(flow, host, isHeld);
  const menus = useMemo(() => menuHandlers(store, onMenu), [store, onMenu]);
  return (
    <div
      ref={host}
      className={`canvas is-${distance}`}
      data-testid="canvas"
      role="application"
      aria-label={`Canvas of the process ${process.name}`}
      tabIndex={-1}
      onFocus={(event) => selectFocused(store, event)}
    >
      <NodeDetailContext value={detail}>
        <ReactFlow<ActivityNode, TransitionEdge>
          nodes={nodes}
          edges={edges}
          {...settings}
          {...changes}
          onlyRenderVisibleElements={isLarge}
          {...moves}
          onDragOver={allowDrop}
          onDrop={(event) => dropActivity(store, flow, process, event)}
          {...menus}
          onNodeDoubleClick={() => store.getState().show({ wantedField: 'first' })}
          onEdgeDoubleClick={() => store.getState().show({ wantedField: 'first' })}
        >
          <Background variant={BackgroundVariant.Dots} gap={gridSize * 1.5} size={1.4} color="var(--canvas-dot)" />
          {nodes.length > mapFrom ? (
            <MiniMap pannable zoomable ariaLabel="Overview of the process" nodeBorderRadius={16} />
          ) : null}
          {detail.canConnect ? null : <FarWires process={process} dragPositions={dragPositions} />}
          <CanvasControls />
        </ReactFlow>
      </NodeDetailContext>
      {nodes.length === 0 ? <CanvasHint /> : null}
    </div>
  );
}

/** A right click marks what is under it and opens the menu. */
function menuHandlers(store: StudioStore, onMenu: FlowCanvasProps['onMenu']) {
  return {
    onPaneContextMenu: (event: MouseEvent | ReactMouseEvent) => openMenu(event, onMenu),
    onSelectionContextMenu: (event: ReactMouseEvent) => openMenu(event, onMenu),
    onNodeContextMenu: (event: ReactMouseEvent, node: ActivityNode) => {
      if (!store.getState().selection.activities.includes(node.id)) store.getState().select({ activities: [node.id] });
      openMenu(event, onMenu);
    },
    onEdgeContextMenu: (event: ReactMouseEvent, edge: TransitionEdge) => {
      store.getState().select({ transitions: [edge.id] });
      openMenu(event, onMenu);
    },
  };
}

function allowDrop(event: DragEvent): void {
  if (!event.dataTransfer.types.includes(activityMediaType)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'copy';
}

/** The middle of the new activity lands where it was dropped; on a wire it goes into it. */
function dropActivity(
  store: StudioStore,
  flow: ReactFlowInstance<ActivityNode, TransitionEdge>,
  process: Process,
  event: DragEvent,
): void {
  const type = event.dataTransfer.getData(activityMediaType);
  if (type === '') return;
  event.preventDefault();
  const point = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }, { snapToGrid: false });
  const snap = (value: number) => Math.round(value / gridSize) * gridSize;
  const position = { x: snap(point.x - nodeWidth / 2), y: snap(point.y - nodeHeight / 2) };
  const into = nearestWire(process, point);
  insertActivity(store, { type, position, ...(into === undefined ? {} : { into }) });
  store.getState().canvas?.focus();
}

function openMenu(event: MouseEvent | ReactMouseEvent, onMenu: FlowCanvasProps['onMenu']): void {
  event.preventDefault();
  onMenu(event.clientX, event.clientY);
}

/** Tab walks the activities: what gets the keyboard's focus is marked. */
function selectFocused(store: StudioStore, event: FocusEvent): void {
  const element = event.target;
  if (!(element instanceof HTMLElement || element instanceof SVGElement) || !element.matches(':focus-visible')) return;
  const id = element.getAttribute('data-id');
  if (id === null) return;
  const { selection, isGathering, select } = store.getState();
  if (isGathering) return;
  if (element.classList.contains('react-flow__node') && !selection.activities.includes(id))
    select({ activities: [id] });
  if (element.classList.contains('react-flow__edge') && !selection.transitions.includes(id))
    select({ transitions: [id] });
}
