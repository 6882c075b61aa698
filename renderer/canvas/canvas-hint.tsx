import { Kbd } from '../kit/kbd.tsx';

/** What an empty canvas says. */
export function CanvasHint() {
  return (
    <div className="canvas-hint">
      <p className="canvas-hint-title">Start with a process starter</p>
      <p>
        Drag <b>ReceiveMessage</b>, <b>Timer</b> or a file reader from the palette, or press <Kbd keys="N" /> and type
        its name. Then drag from the dot on its right to the next activity.
      </p>
    </div>
  );
}
