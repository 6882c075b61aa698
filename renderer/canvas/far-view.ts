import { createContext } from 'react';
import type { ReactFlowState } from 'reactflow';

/** Below this zoom an activity is a block in its hue with its name in large letters: what else it says cannot be read there. */
const farZoom = 0.45;
/** Below this zoom not even a name can be read. */
const farthestZoom = 0.22;

/** Above this many activities only visible ones are drawn, and from afar all wires are one drawing. */
export const drawAllMax = 200;

/** How near the user looks at a process. */
export type ViewDistance = 'near' | 'far' | 'farthest';

/** The distance as React Flow's zoom has it; draws again only when it changes. */
export function distanceOf({ transform: [, , zoom] }: Pick<ReactFlowState, 'transform'>): ViewDistance {
  if (zoom < farthestZoom) return 'farthest';
  return zoom < farZoom ? 'far' : 'near';
}

/** What all nodes of a canvas share. `canConnect` is false where handles would be too many and too small. */
export interface NodeDetail {
  readonly isFar: boolean;
  readonly canConnect: boolean;
}

/** Told by the canvas to its nodes: one value changes instead of a thousand subscriptions to the zoom. */
export const NodeDetailContext = createContext<NodeDetail>({ isFar: false, canConnect: true });
