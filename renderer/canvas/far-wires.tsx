import { memo } from 'react';
import { getBezierPath, Position as Side, ViewportPortal } from 'reactflow';
import type { ActivityId, Position, Process, TransitionKind } from '../../engine/model/document.ts';
import { nodeHeight, nodeWidth } from '../edits/geometry.ts';
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
  const placeOf = (id: ActivityId) => dragPositions?.[id] ?? process.layout.positions[id] ?? { x: 0, y: 0 };
  const paths = new Map<TransitionKind, string>();
  for (const { kind, from, to } of process.transitions) {
    const isError = kind === 'error';
    const [source, target] = [placeOf(from), placeOf(to)];
    const [path] = getBezierPath({
      sourceX: source.x + (isError ? nodeWidth / 2 : nodeWidth),
      sourceY: source.y + (isError ? nodeHeight : nodeHeight / 2),
      sourcePosition: isError ? Side.Bottom : Side.Right,
      targetX: target.x,
      targetY: target.y + nodeHeight / 2,
      targetPosition: Side.Left,
    });
    paths.set(kind, `${paths.get(kind) ?? ''}${path}`);
  }
  return paths;
}
