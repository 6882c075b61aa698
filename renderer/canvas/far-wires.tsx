import { memo } from 'react';
import { getBezierPath, Position as Side, ViewportPortal } from 'reactflow';
import type { ActivityId, Position, Process, TransitionKind } from '../../engine/model/document.ts';
import { scopeBoxes } from '../edits/scope-boxes.ts';
import { wireColors } from './flow-elements.ts';

interface FarWiresProps {
  readonly process: Process;
  readonly dragPositions: Readonly<Record<ActivityId, Position>> | null;
}

/** All wires of a large process seen from afar: one path per kind instead of an element per wire. */
export const FarWires = memo(function FarWires({ process, dragPositions }: FarWiresProps) {
  return (
    <ViewportPortal>
      <svg className="far-wires" aria-hidden="true">
        {[...pathsOf(process, dragPositions)].map(([kind, path]) => (
          <path key={kind} d={path} style={{ stroke: wireColors[kind] }} />
        ))}
      </svg>
    </ViewportPortal>
  );
});

function pathsOf(process: Process, dragPositions: FarWiresProps['dragPositions']): ReadonlyMap<TransitionKind, string> {
  const positions = dragPositions ? { ...process.layout.positions, ...dragPositions } : process.layout.positions;
  const { place, size, isHidden } = scopeBoxes({ ...process, layout: { ...process.layout, positions } });
  const paths = new Map<TransitionKind, string>();
  for (const { kind, from, to } of process.transitions) {
    if (isHidden(from) || isHidden(to)) continue;
    const isError = kind === 'error';
    const [source, target, own] = [place(from), place(to), size(from)];
    const [path] = getBezierPath({
      sourceX: source.x + (isError ? own.width / 2 : own.width),
      sourceY: source.y + (isError ? own.height : own.height / 2),
      sourcePosition: isError ? Side.Bottom : Side.Right,
      targetX: target.x,
      targetY: target.y + size(to).height / 2,
      targetPosition: Side.Left,
    });
    paths.set(kind, `${paths.get(kind) ?? ''}${path}`);
  }
  return paths;
}
