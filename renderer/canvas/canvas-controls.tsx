import { Panel, useViewport } from 'reactflow';
import { runCommand } from '../commands/run-command.ts';
import { tidyLayout } from '../commands/tidy-layout.ts';
import { IconButton } from '../kit/button.tsx';
import { useStudio, useStudioStore } from '../store/use-studio.ts';

/** Zoom, fit and tidy, at the corner of the canvas. */
export function CanvasControls() {
  const { zoom } = useViewport();
  const store = useStudioStore();
  const canvas = useStudio((state) => state.canvas);
  return (
    <Panel position="bottom-left" className="canvas-controls">
      <IconButton
        glyph="minus"
        label="Zoom out"
        shortcut="Ctrl+-"
        tooltipSide="top"
        onClick={() => canvas?.zoomOut()}
      />
      <button type="button" className="zoom-value" title="Zoom to 100 %" onClick={() => canvas?.resetZoom()}>
        {Math.round(zoom * 100)} %
      </button>
      <IconButton glyph="plus" label="Zoom in" shortcut="Ctrl+=" tooltipSide="top" onClick={() => canvas?.zoomIn()} />
      <IconButton
        glyph="fit"
        label="Fit to view"
        shortcut="Ctrl+1"
        tooltipSide="top"
        onClick={() => canvas?.fitView()}
      />
      <IconButton
        glyph="tidy"
        label="Tidy layout"
        shortcut="Ctrl+Shift+L"
        tooltipSide="top"
        onClick={() => runCommand(store, tidyLayout)}
      />
    </Panel>
  );
}
