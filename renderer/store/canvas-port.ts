import type { Position } from '../../engine/model/document.ts';

/** What commands may ask of the canvas that is on screen. React Flow stays behind it. */
export interface CanvasPort {
  fitView(): void;
  zoomIn(): void;
  zoomOut(): void;
  resetZoom(): void;
  /** The middle of what is visible, in canvas coordinates. */
  centre(): Position;
  /** Moves the view so that an activity can be seen, if it cannot. */
  reveal(activity: string): void;
  focus(): void;
  /** The activity that has the keyboard's focus. */
  focused(): string | undefined;
}
