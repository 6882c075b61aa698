import type { RefObject } from 'react';
import { useEffect, useMemo } from 'react';
import type { OnMove, ReactFlowInstance } from 'reactflow';
import type { ActivityNode, TransitionEdge } from './flow-elements.ts';
import { fitOptions } from './use-canvas-port.ts';

/**
 * Looks after the view: while it moves the canvas has the class `is-moving`; and until the user moves it it goes on showing
 * the whole process when the canvas gets another size (a panel opened). `isHeld` tells that the user chose the view: by
 * moving it here, or by a command; the command that fits the process gives it back.
 */
export function useView(
  flow: ReactFlowInstance<ActivityNode, TransitionEdge>,
  host: RefObject<HTMLElement | null>,
  isHeld: RefObject<boolean>,
) {
  useEffect(() => {
    const element = host.current;
    if (element === null || !('ResizeObserver' in window)) return;
    const observer = new ResizeObserver(() => {
      if (!isHeld.current) requestAnimationFrame(() => void flow.fitView(fitOptions));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [flow, host, isHeld]);
  return useMemo(() => {
    const onMoveStart: OnMove = (event) => {
      // Moves of our own have no event.
      if (event !== null) isHeld.current = true;
      host.current?.classList.add('is-moving');
    };
    // The end is told late, when the next move may have begun already: that one tells its own.
    const onMove = () => host.current?.classList.add('is-moving');
    return { onMoveStart, onMove, onMoveEnd: () => host.current?.classList.remove('is-moving') };
  }, [host, isHeld]);
}
