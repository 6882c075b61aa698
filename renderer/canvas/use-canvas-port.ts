import type { RefObject } from 'react';
import { useEffect } from 'react';
import type { ReactFlowInstance } from 'reactflow';
import { ancestorsOf } from '../../engine/model/scopes.ts';
import { scopeBoxes } from '../edits/scope-boxes.ts';
import type { CanvasPort } from '../store/canvas-port.ts';
import { activeProcessOf } from '../store/selectors.ts';
import type { StudioStore } from '../store/studio-store.ts';
import type { ActivityNode, TransitionEdge } from './flow-elements.ts';

/** How a process is brought to view: never larger than life, never too small to be read. */
export const fitOptions = { padding: 0.1, maxZoom: 1, minZoom: 0.4 };
/** Asked to fit, the view shows all of it however small. */
const fitAllOptions = { ...fitOptions, minZoom: 0.1 };

/** How long the view moves, ms. */
const moveMs = 160;

/** Lets commands reach this canvas while it is on screen. */
export function useCanvasPort(
  store: StudioStore,
  flow: ReactFlowInstance<ActivityNode, TransitionEdge>,
  host: RefObject<HTMLDivElement | null>,
  isHeld: RefObject<boolean>,
): void {
  useEffect(() => {
    const port = createPort(store, flow, host, isHeld);
    return store.getState().lendCanvas(port);
  }, [store, flow, host, isHeld]);
}

function createPort(
  store: StudioStore,
  flow: ReactFlowInstance<ActivityNode, TransitionEdge>,
  host: RefObject<HTMLDivElement | null>,
  isHeld: RefObject<boolean>,
): CanvasPort {
  const duration = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : moveMs;
  const middle = () => {
    const box = host.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 800, 600);
    return { box, point: flow.screenToFlowPosition({ x: box.x + box.width / 2, y: box.y + box.height / 2 }) };
  };
  /** A view that the user asked for stays when the canvas gets another size. */
  const hold = (move: () => unknown) => {
    isHeld.current = true;
    move();
  };
  return {
    fitView: () => {
      isHeld.current = false;
      requestAnimationFrame(() => void flow.fitView({ ...fitAllOptions, duration }));
    },
    zoomIn: () => hold(() => flow.zoomIn({ duration })),
    zoomOut: () => hold(() => flow.zoomOut({ duration })),
    resetZoom: () => hold(() => flow.zoomTo(1, { duration })),
    centre: () => middle().point,
    reveal: (activity) => {
      const process = activeProcessOf(store.getState());
      if (process === undefined || !(activity in process.activities)) return;
      const boxes = scopeBoxes(process, store.getState().palette);
      // What stands in a closed scope is shown by the scope.
      const shown = [activity, ...ancestorsOf(process, activity)].find((id) => !boxes.isHidden(id)) ?? activity;
      const [position, size] = [boxes.place(shown), boxes.size(shown)];
      const { box } = middle();
      const start = flow.flowToScreenPosition(position);
      const end = flow.flowToScreenPosition({ x: position.x + size.width, y: position.y + size.height });
      const isVisible = start.x >= box.left && start.y >= box.top && end.x <= box.right && end.y <= box.bottom;
      if (isVisible) return;
      const [x, y] = [position.x + size.width / 2, position.y + size.height / 2];
      hold(() => flow.setCenter(x, y, { zoom: flow.getZoom(), duration }));
    },
    focus: () => host.current?.focus({ preventScroll: true }),
    focused: () => document.activeElement?.closest('.react-flow__node')?.getAttribute('data-id') ?? undefined,
  };
}
