import type { CSSProperties } from 'react';
import { memo, useContext } from 'react';
import type { NodeProps } from 'reactflow';
import { Handle, Position, useConnection } from 'reactflow';
import type { Activity } from '../../engine/model/document.ts';
import type { Problem } from '../../engine/model/problem.ts';
import type { ActivityDeclaration } from '../../engine/spi/define-activity.ts';
import { classNames } from '../kit/class-names.ts';
import { Glyph } from '../kit/glyph.tsx';
import { SvgIcon } from '../kit/svg-icon.tsx';
import { isRunning } from '../store/selectors.ts';
import { severityKey } from '../store/session-slice.ts';
import type { StudioState } from '../store/studio-store.ts';
import { useStudio } from '../store/use-studio.ts';
import { hueOf, iconOf } from './activity-appearance.ts';
import { NodeDetailContext } from './far-view.ts';
import type { ActivityNode } from './flow-elements.ts';
import { handles } from './flow-elements.ts';
import { formatCount } from './format-count.ts';
import { subtitleOf } from './subtitle.ts';

/** One activity on the canvas. Draws again only when its own activity, problems or counts change. */
export const ActivityNodeView = memo(function ActivityNodeView({ data, selected }: NodeProps<ActivityNode>) {
  const { activity, process } = data;
  const { declaration, severity, hasFailed } = useStudio((state) => ({
    declaration: state.palette.get(activity.type),
    severity: state.severities.get(severityKey(process, activity.id)),
    hasFailed: failedAt(state, process, activity.id) > 0,
  }));
  const hasInput = declaration?.kind !== 'starter' && declaration?.kind !== 'catch';
  const isStarter = declaration?.kind === 'starter';
  const { isFar, canConnect } = useContext(NodeDetailContext);
  return (
    <div
      className={classNames(
        'activity-node',
        isStarter && 'is-starter',
        selected && 'is-selected',
        activity.disabled && 'is-disabled',
        severity !== undefined && `has-${severity}`,
        hasFailed && 'has-failed',
        isFar && 'is-far',
      )}
      style={hueOf(activity.type) as CSSProperties}
      data-testid={`node-${activity.id}`}
    >
      {isFar ? (
        <span className="node-far-name" title={activity.name}>
          {activity.name}
        </span>
      ) : (
        <NodeFace activity={activity} process={process} declaration={declaration} severity={severity} />
      )}
      {canConnect ? <NodeHandles hasInput={hasInput} /> : null}
    </div>
  );
});

interface NodeFaceProps {
  readonly activity: Activity;
  readonly process: string;
  readonly declaration: ActivityDeclaration | undefined;
  readonly severity: Problem['severity'] | undefined;
  /** In the place of what its settings say. */
  readonly subtitle?: string;
}

/** What can be read of an activity from near. */
export function NodeFace({ activity, process, declaration, severity, subtitle }: NodeFaceProps) {
  return (
    <>
      <span className="node-tile">
        <SvgIcon source={iconOf(activity.type)} size={24} />
      </span>
      <span className="node-words">
        <span className="node-name" title={activity.name}>
          {activity.name}
        </span>
        <span className="node-subtitle">{subtitle ?? subtitleOf(activity, declaration)}</span>
      </span>
      <NodeMark severity={severity} />
      <NodeCounts process={process} activity={activity.id} />
    </>
  );
}

/** That something is wrong with it. */
export function NodeMark({ severity }: { readonly severity: Problem['severity'] | undefined }) {
  if (severity === undefined) return null;
  return (
    <span className={`node-mark is-${severity}`} title={severity === 'error' ? 'Has errors' : 'Has warnings'}>
      <Glyph name={severity === 'error' ? 'error' : 'warning'} size={14} />
    </span>
  );
}

/** Where wires begin and end. */
export function NodeHandles({ hasInput }: { readonly hasInput: boolean }) {
  const isConnecting = useConnection((connection) => connection.inProgress);
  return (
    <>
      <Handle
        type="target"
        id={handles.input}
        position={Position.Left}
        className={classNames('node-handle handle-in', !hasInput && 'is-absent', isConnecting && 'is-wanted')}
        isConnectable={hasInput}
        title="Input"
      />
      <Handle
        type="source"
        id={handles.output}
        position={Position.Right}
        className="node-handle handle-out"
        title="Drag to connect"
      />
      <Handle
        type="source"
        id={handles.error}
        position={Position.Bottom}
        className="node-handle handle-error"
        title="Drag to handle an error"
      />
    </>
  );
}

/** Jobs that went through, failed, and are in it now. */
export function NodeCounts({ process, activity }: { readonly process: string; readonly activity: string }) {
  const { counts, failed, running } = useStudio((state) => ({
    counts: state.counts[process]?.activities[activity],
    failed: failedAt(state, process, activity),
    running: isRunning(state),
  }));
  if (counts === undefined) return null;
  // A record that could not be read went through its starter, and failed on the starter's account.
  const completed = Math.max(0, counts.completed - (failed - counts.failed));
  return (
    <span className="node-counts">
      {counts.active > 0 && running ? (
        <span className="count-active" title="Jobs in it now">
          {formatCount(counts.active)}
        </span>
      ) : null}
      <span className="count-done" title="Completed">
        {formatCount(completed)}
      </span>
      {failed > 0 ? (
        <span className="count-failed" title="Failed">
          {formatCount(failed)}
        </span>
      ) : null}
    </span>
  );
}

/**
 * Failures that belong to an activity: its own executions, and jobs that failed on its account without one (a record that its
 * starter could not read).
 */
export function failedAt({ counts }: StudioState, process: string, activity: string): number {
  const own = counts[process]?.activities[activity]?.failed ?? 0;
  return Math.max(own, counts[process]?.failures?.activities[activity] ?? 0);
}
