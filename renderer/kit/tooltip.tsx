import type { FocusEvent, ReactNode, RefObject } from 'react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Kbd } from './kbd.tsx';

type Side = 'top' | 'bottom' | 'left' | 'right';

interface TooltipProps {
  readonly text: string;
  readonly shortcut?: string | undefined;
  readonly side?: Side;
  readonly children: ReactNode;
}

/** Between a tooltip and what it is about, and the least to the window's edge, px. */
const gap = 6;
const edgeGap = 4;

/**
 * Words that appear on hover and on keyboard focus of what it wraps, until Esc or a press. Purely visual: the wrapped control has
 * its own label.
 */
export function Tooltip({ text, shortcut, side = 'bottom', children }: TooltipProps) {
  const anchor = useRef<HTMLSpanElement>(null);
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (!isShown) return;
    const onKeyDown = ({ key }: KeyboardEvent) => key === 'Escape' && setShown(false);
    document.addEventListener('keydown', onKeyDown, true);
    return () => document.removeEventListener('keydown', onKeyDown, true);
  }, [isShown]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only follows what is done with the control inside
    <span
      ref={anchor}
      className="tooltip-anchor"
      onPointerEnter={(event) => event.pointerType !== 'touch' && setShown(true)}
      onPointerLeave={() => setShown(false)}
      onPointerDown={() => setShown(false)}
      onFocus={(event: FocusEvent) => event.target.matches(':focus-visible') && setShown(true)}
      onBlur={() => setShown(false)}
    >
      {children}
      {isShown ? (
        <Tip anchor={anchor} side={side}>
          {text}
          {shortcut === undefined ? null : <Kbd keys={shortcut} />}
        </Tip>
      ) : null}
    </span>
  );
}

interface TipProps {
  readonly anchor: RefObject<HTMLElement | null>;
  readonly side: Side;
  readonly children: ReactNode;
}

function Tip({ anchor, side, children }: TipProps) {
  const tip = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const from = anchor.current?.getBoundingClientRect();
    const size = tip.current?.getBoundingClientRect();
    if (from === undefined || size === undefined || tip.current === null) return;
    const place = placeTip(from, size, side, { width: innerWidth, height: innerHeight });
    // It is drawn at 0, 0 first, which is elsewhere inside of what is transformed.
    tip.current.style.left = `${place.left - size.left}px`;
    tip.current.style.top = `${place.top - size.top}px`;
  });
  return (
    <span ref={tip} className="tooltip" style={{ left: 0, top: 0 }} aria-hidden="true">
      {children}
    </span>
  );
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where a tooltip goes: on its side when it has room there, else on the other, and inside the window in any case. */
export function placeTip(
  from: Box,
  tip: Pick<Box, 'width' | 'height'>,
  side: Side,
  window: Pick<Box, 'width' | 'height'>,
): { readonly left: number; readonly top: number } {
  const isBeside = side === 'left' || side === 'right';
  const before = isBeside ? from.left - gap - tip.width : from.top - gap - tip.height;
  const behind = isBeside ? from.left + from.width + gap : from.top + from.height + gap;
  const room = isBeside ? window.width - tip.width - edgeGap : window.height - tip.height - edgeGap;
  const wantsBefore = side === 'left' || side === 'top';
  const along = (wantsBefore ? before >= edgeGap : behind > room && before >= edgeGap) ? before : behind;
  const across = isBeside ? from.top + (from.height - tip.height) / 2 : from.left + (from.width - tip.width) / 2;
  const inside = (value: number, max: number) => Math.round(Math.max(edgeGap, Math.min(value, max)));
  return isBeside
    ? { left: inside(along, room), top: inside(across, window.height - tip.height - edgeGap) }
    : { left: inside(across, window.width - tip.width - edgeGap), top: inside(along, room) };
}
