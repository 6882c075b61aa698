import type { CanvasPort } from '../store/canvas-port.ts';
import type { Command } from './command.ts';
import { hasProcess } from './command.ts';

/** Commands that move the view. */
export const zooms: readonly Command[] = [
  zoom('zoom-in', 'Zoom In', ['Ctrl+=', 'Ctrl++'], (canvas) => canvas.zoomIn()),
  zoom('zoom-out', 'Zoom Out', ['Ctrl+-'], (canvas) => canvas.zoomOut()),
  zoom('zoom-reset', 'Zoom to 100 %', ['Ctrl+0'], (canvas) => canvas.resetZoom()),
  { ...zoom('zoom-fit', 'Fit Process to View', ['Ctrl+1'], (canvas) => canvas.fitView()), glyph: 'fit' },
];

function zoom(id: string, title: string, shortcuts: readonly string[], act: (canvas: CanvasPort) => void): Command {
  return {
    id,
    title,
    group: 'View',
    shortcuts,
    canRun: hasProcess,
    run: ({ store }) => {
      const { canvas } = store.getState();
      if (canvas !== null) act(canvas);
    },
  };
}
