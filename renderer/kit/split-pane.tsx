import type { KeyboardEvent, PointerEvent, ReactNode, RefObject } from 'react';
import { useLayoutEffect, useRef, useState } from 'react';
import { classNames } from './class-names.ts';
import { useStored } from './use-stored.ts';

interface SplitPaneProps {
  /** Under which the size is remembered. */
  readonly id: string;
  /** How the panes lie: side by side, or one above the other. */
  readonly direction: 'row' | 'column';
  /** Which pane has the size; the other takes what is left. */
  readonly sized: 'first' | 'second';
  /** px, as are min and max. */
  readonly initial: number;
  readonly min: number;
  readonly max: number;
  readonly label: string;
  readonly first: ReactNode;
  readonly second: ReactNode;
  /** Draws only the unsized pane. */
  readonly collapsed?: boolean;
}

/** px per arrow key; with Shift ten times as much. */
const keyStep = 8;

/** px that the other pane keeps in a window that is small. */
const otherMin = 160;

/**
 * Two panes with a bar between them that can be dragged, and moved with the arrow keys; Home and End go to the bounds, Enter to
 * the least size and back. A size that was remembered from a larger window is shown as far as there is room.
 */
export function SplitPane(props: SplitPaneProps) {
  const { id, direction, sized, initial, min, max, label, first, second, collapsed = false } = props;
  const [wanted, setSize] = useStored(`split.${id}`, initial);
  const box = useRef<HTMLDivElement>(null);
  const room = useExtent(box, direction);
  const drag = useRef<{ from: number; size: number }>(undefined);
  const before = useRef(initial);
  const bound = Math.max(min, Math.min(max, room === 0 ? max : room - otherMin));
  const within = (next: number) => Math.round(Math.min(bound, Math.max(min, next)));
  // What was stored may be of another version, or anything else.
  const size = within(Number.isFinite(wanted) ? wanted : initial);
  const clamp = (next: number) => setSize(within(next));
  const sign = sized === 'first' ? 1 : -1;
  const position = (event: PointerEvent) => (direction === 'row' ? event.clientX : event.clientY);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = arrowStep(event.key, direction) * keyStep * (event.shiftKey ? 10 : 1) * sign;
    const next = step !== 0 ? size + step : sizeForKey(event.key, { size, min, max: bound, before: before.current });
    if (next === undefined) return;
    if (event.key === 'Enter') before.current = size;
    event.preventDefault();
    clamp(next);
  };
  const endDrag = () => {
    drag.current = undefined;
  };
  const sizedStyle = direction === 'row' ? { width: size } : { height: size };
  const bar = (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is a widget, which hr is not
    <div
      role="separator"
      aria-label={label}
      aria-orientation={direction === 'row' ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={bound}
      tabIndex={0}
      className="split-bar"
      onKeyDown={onKeyDown}
      onDoubleClick={() => setSize(initial)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { from: position(event), size };
      }}
      onPointerMove={(event) => {
        if (drag.current !== undefined) clamp(drag.current.size + (position(event) - drag.current.from) * sign);
      }}
      onPointerUp={endDrag}
      onPointerCancel={endDrag}
      onLostPointerCapture={endDrag}
    />
  );
  // The unsized pane keeps its place in the tree when the other goes, so that what is in it keeps its state.
  const pane = (name: 'first' | 'second', content: ReactNode) =>
    collapsed && sized === name ? null : (
      <div
        key={name}
        className={classNames('split-pane', sized === name ? 'is-sized' : 'is-free')}
        style={sized === name ? sizedStyle : undefined}
      >
        {content}
      </div>
    );
  return (
    <div ref={box} className={`split split-${direction}`}>
      {pane('first', first)}
      {collapsed ? null : bar}
      {pane('second', second)}
    </div>
  );
}

/** px that both panes have together; 0 before it is known. */
function useExtent(box: RefObject<HTMLElement | null>, direction: 'row' | 'column'): number {
  const [extent, setExtent] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = () => setExtent(direction === 'row' ? element.clientWidth : element.clientHeight);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, direction]);
  return extent;
}

interface Bounds {
  readonly size: number;
  readonly min: number;
  readonly max: number;
  /** To which Enter goes back. */
  readonly before: number;
}

function sizeForKey(key: string, { size, min, max, before }: Bounds): number | undefined {
  if (key === 'Enter') return size > min ? min : before;
  return { Home: min, End: max }[key];
}

function arrowStep(key: string, direction: 'row' | 'column'): number {
  if (key === (direction === 'row' ? 'ArrowRight' : 'ArrowDown')) return 1;
  return key === (direction === 'row' ? 'ArrowLeft' : 'ArrowUp') ? -1 : 0;
}
