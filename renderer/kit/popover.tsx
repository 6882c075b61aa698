import type { ReactNode, RefObject } from 'react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';

/** Where a popover opens: under an element, or at a point of the window (px). */
export type PopoverAnchor = RefObject<HTMLElement | null> | { readonly x: number; readonly y: number };

interface PopoverProps {
  readonly anchor: PopoverAnchor;
  readonly onClose: () => void;
  readonly className?: string;
  /** At least as wide as the anchor. */
  readonly matchWidth?: boolean;
  readonly children: ReactNode;
}

/** Distance kept from the window's edge, px. */
const edgeGap = 8;

/** Content above the page at an anchor, kept inside the window; closes on a press elsewhere. */
export function Popover({ anchor, onClose, className = '', matchWidth = false, children }: PopoverProps) {
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ left: number; top: number; minWidth: number | undefined }>();
  const anchorX = 'x' in anchor ? anchor.x : undefined;
  const anchorY = 'x' in anchor ? anchor.y : undefined;
  useLayoutEffect(() => {
    const from = 'current' in anchor ? anchor.current?.getBoundingClientRect() : undefined;
    const size = box.current?.getBoundingClientRect();
    if (size === undefined) return;
    const left = from?.left ?? anchorX ?? 0;
    const below = from === undefined ? (anchorY ?? 0) : from.bottom + 4;
    const above = from === undefined ? below - size.height : from.top - 4 - size.height;
    setPlace({
      left: Math.max(edgeGap, Math.min(left, innerWidth - size.width - edgeGap)),
      top: below + size.height > innerHeight - edgeGap ? Math.max(edgeGap, above) : below,
      minWidth: matchWidth ? from?.width : undefined,
    });
  }, [anchor, anchorX, anchorY, matchWidth]);
  useDismiss(box, anchor, onClose);
  return createPortal(
    <div ref={box} className={`popover nokey ${className}`} style={place ?? { visibility: 'hidden', left: 0, top: 0 }}>
      {children}
    </div>,
    document.body,
  );
}

function useDismiss(box: RefObject<HTMLElement | null>, anchor: PopoverAnchor, onClose: () => void) {
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const onPress = (event: Event) => {
      const target = event.target as Node;
      const inAnchor = 'current' in anchor && anchor.current?.contains(target);
      if (!inAnchor && box.current?.contains(target) !== true) close.current();
    };
    document.addEventListener('pointerdown', onPress, true);
    return () => document.removeEventListener('pointerdown', onPress, true);
  }, [anchor, box]);
}
