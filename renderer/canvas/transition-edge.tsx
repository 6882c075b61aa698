import { memo } from 'react';
import type { EdgeProps } from 'reactflow';
import { BaseEdge, EdgeLabelRenderer, getBezierPath, useViewport } from 'reactflow';
import type { Transition, TransitionKind } from '../../engine/model/document.ts';
import { changeTransition } from '../edits/change-transition.ts';
import { wireWordsWidthMax, wordsOfWire } from '../edits/wire-words.ts';
import { classNames } from '../kit/class-names.ts';
import { useStudio, useStudioStore } from '../store/use-studio.ts';
import type { TransitionEdge } from './flow-elements.ts';
import { wireColors } from './flow-elements.ts';
import { formatCount } from './format-count.ts';

/** px that words keep from the activities at both ends of their wire, and the least they get. */
const wordsMargin = 10;
const wordsWidthMin = 56;

/** One wire: its curve, what it says, how often it was taken, and the kinds to choose from while it is marked alone. */
export const TransitionEdgeView = memo(function TransitionEdgeView(props: EdgeProps<TransitionEdge>) {
  const { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, selected = false, data } = props;
  const [path, labelX, labelY] = getBezierPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition });
  const transition = data?.transition;
  const { taken, failed, isAlone } = useStudio((state) => ({
    taken: state.counts[data?.process ?? '']?.transitions[props.id],
    failed: state.counts[data?.process ?? '']?.failures?.transitions[props.id] ?? 0,
    isAlone: state.selection.transitions.length === 1 && state.selection.activities.length === 0,
  }));
  if (transition === undefined) return null;
  const text = wordsOfWire(transition);
  // Most wires say nothing; a portal for each of them would be felt on a large canvas.
  const hasLabel = selected || text !== undefined || taken !== undefined || failed > 0;
  // Words that do not fit between the two activities would lie under them.
  const gap = Math.abs(targetX - sourceX) - 2 * wordsMargin;
  const wordsWidth = Math.min(wireWordsWidthMax, Math.max(wordsWidthMin, gap));
  const style = {
    stroke: selected ? 'var(--accent)' : failed > 0 ? 'var(--danger)' : wireColors[transition.kind],
    strokeWidth: selected ? 2.25 : 1.75,
    ...(transition.kind === 'otherwise' ? { strokeDasharray: '6 5' } : {}),
  };
  return (
    <>
      <g data-testid={`wire-${props.id}`}>
        <BaseEdge
          path={path}
          style={style}
          interactionWidth={18}
          {...(props.markerEnd === undefined ? {} : { markerEnd: props.markerEnd })}
        />
      </g>
      {hasLabel ? (
        <EdgeLabelRenderer>
          <div
            className={classNames('wire-label', `wire-${transition.kind}`, selected && 'is-selected')}
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
          >
            {selected && isAlone ? (
              <KindToolbar process={data?.process ?? ''} transition={transition} />
            ) : text === undefined ? null : (
              <span className="wire-text" style={{ maxWidth: wordsWidth }} title={transition.condition ?? text}>
                {text}
              </span>
            )}
            {taken === undefined ? null : <span className="wire-count">{formatCount(taken)}</span>}
            {failed === 0 ? null : (
              <span className="wire-failed" title="Jobs that failed in this condition">
                {formatCount(failed)} failed
              </span>
            )}
          </div>
        </EdgeLabelRenderer>
      ) : null}
    </>
  );
});

const kinds: readonly { readonly kind: TransitionKind; readonly label: string; readonly help: string }[] = [
  { kind: 'success', label: 'Success', help: 'Taken when the activity succeeds' },
  { kind: 'condition', label: 'If…', help: 'Taken when its condition is true' },
  { kind: 'otherwise', label: 'Otherwise', help: 'Taken when no condition was true' },
  { kind: 'error', label: 'Error', help: 'Taken when the activity fails' },
];

/** Keeps its size whatever the zoom, so that it can be read and hit. */
function KindToolbar({ process, transition }: { readonly process: string; readonly transition: Transition }) {
  const store = useStudioStore();
  const { zoom } = useViewport();
  const choose = (kind: TransitionKind) => {
    const { edit, show } = store.getState();
    edit('Change wire', changeTransition(process, transition.id, { kind }));
    if (kind === 'condition') show({ wantedField: 'condition' });
  };
  return (
    <div
      className="kind-toolbar nodrag nopan"
      role="toolbar"
      aria-label="Kind of wire"
      style={{ transform: `scale(${1 / Math.min(1, zoom)}) translateX(-50%)` }}
    >
      {kinds.map(({ kind, label, help }) => (
        <button
          key={kind}
          type="button"
          aria-pressed={kind === transition.kind}
          className={classNames('kind-choice', `kind-${kind}`, kind === transition.kind && 'is-chosen')}
          title={help}
          onClick={() => choose(kind)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
