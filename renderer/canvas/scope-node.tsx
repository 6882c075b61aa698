import type { CSSProperties } from 'react';
import { memo, useContext } from 'react';
import type { NodeProps } from 'reactflow';
import type { Problem } from '../../engine/model/problem.ts';
import { withInside } from '../../engine/model/scopes.ts';
import { toggle } from '../commands/toggle-scope.ts';
import { classNames } from '../kit/class-names.ts';
import { Glyph } from '../kit/glyph.tsx';
import { SvgIcon } from '../kit/svg-icon.tsx';
import { worstSeverity } from '../store/selectors.ts';
import { severityKey } from '../store/session-slice.ts';
import type { StudioState } from '../store/studio-store.ts';
import { useStudio, useStudioStore } from '../store/use-studio.ts';
import { hueOf, iconOf } from './activity-appearance.ts';
import { failedAt, NodeCounts, NodeFace, NodeHandles, NodeMark } from './activity-node.tsx';
import { NodeDetailContext } from './far-view.ts';
import type { ActivityNode } from './flow-elements.ts';
import { constructWords } from './subtitle.ts';

/** A scope on the canvas: open, a frame around its activities with a head to drag it by; closed, one node that stands for all of them. */
export const ScopeNodeView = memo(function ScopeNodeView({ data, selected }: NodeProps<ActivityNode>) {
  const { activity, process, isOpen = false } = data;
  const { declaration, inside, severity, hasFailed } = useStudio((state) => ({
    declaration: state.palette.get(activity.type),
    ...stateOf(state, process, activity.id, isOpen),
  }));
  const { isFar, canConnect } = useContext(NodeDetailContext);
  const look = [
    selected && 'is-selected',
    activity.disabled && 'is-disabled',
    severity !== undefined && `has-${severity}`,
    hasFailed && 'has-failed',
    isFar && 'is-far',
  ] as const;
  const subtitle = constructWords(activity, declaration) ?? (inside === 1 ? '1 activity' : `${inside} activities`);
  return (
    <div
      className={classNames(isOpen ? 'scope-node' : 'activity-node is-scope', ...look)}
      style={hueOf(activity.type) as CSSProperties}
      data-testid={`node-${activity.id}`}
    >
      {isOpen ? (
        <ScopeHead activity={activity} process={process} severity={severity} />
      ) : isFar ? (
        <span className="node-far-name" title={activity.name}>
          {activity.name}
        </span>
      ) : (
        <>
          <NodeFace
            activity={activity}
            process={process}
            declaration={declaration}
            severity={severity}
            subtitle={subtitle}
          />
          <ScopeToggle scope={activity.id} isOpen={isOpen} />
        </>
      )}
      {isOpen && inside === 0 && !isFar ? <p className="scope-hint">Drag activities here</p> : null}
      {canConnect ? <NodeHandles hasInput /> : null}
    </div>
  );
});

interface ScopeHeadProps extends Pick<ActivityNode['data'], 'activity' | 'process'> {
  readonly severity: Problem['severity'] | undefined;
}

/** What an open scope is dragged by. */
function ScopeHead({ activity, process, severity }: ScopeHeadProps) {
  const words = useStudio((state) => constructWords(activity, state.palette.get(activity.type)));
  return (
    <div className="scope-head">
      <ScopeToggle scope={activity.id} isOpen />
      <SvgIcon source={iconOf(activity.type)} size={18} />
      <span className="node-name" title={activity.name}>
        {activity.name}
      </span>
      {words === undefined ? null : (
        <span className="scope-words" title={words}>
          {words}
        </span>
      )}
      <NodeMark severity={severity} />
      <NodeCounts process={process} activity={activity.id} />
    </div>
  );
}

function ScopeToggle({ scope, isOpen }: { readonly scope: string; readonly isOpen: boolean }) {
  const store = useStudioStore();
  const label = isOpen ? 'Collapse scope' : 'Expand scope';
  return (
    <button
      type="button"
      className="scope-toggle nodrag"
      aria-label={label}
      aria-expanded={isOpen}
      title={`${label} (Alt+G)`}
      data-testid={`toggle-${scope}`}
      onClick={(event) => {
        event.stopPropagation();
        toggle(store, scope);
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      <Glyph name={isOpen ? 'chevronDown' : 'chevronRight'} />
    </button>
  );
}

/** A closed scope tells what is wrong with everything in it: nobody else on the canvas does. */
function stateOf(state: StudioState, process: string, scope: string, isOpen: boolean) {
  const owner = state.project?.processes[process];
  const all = owner === undefined ? [scope] : withInside(owner, [scope]);
  const shown = isOpen ? [scope] : all;
  const severities = shown.flatMap((id) => state.severities.get(severityKey(process, id)) ?? []);
  return {
    inside: all.length - 1,
    severity: worstSeverity(severities.map((severity) => ({ severity }))),
    hasFailed: shown.some((id) => failedAt(state, process, id) > 0),
  };
}
