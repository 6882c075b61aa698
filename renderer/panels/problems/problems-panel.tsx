import './problems.css';
import { useState } from 'react';
import type { Problem } from '../../../engine/model/problem.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Glyph } from '../../kit/glyph.tsx';
import { VirtualList } from '../../kit/virtual-list.tsx';
import type { StudioState } from '../../store/studio-store.ts';
import { useStudio, useStudioStore } from '../../store/use-studio.ts';
import { goToProblem } from './go-to-problem.ts';

/** What is wrong in the project. A click shows where; Enter or a double-click goes to the field. */
export function ProblemsPanel() {
  return (
    <div className="problems" data-testid="problems-list">
      <ProblemList />
    </div>
  );
}

function ProblemList() {
  const store = useStudioStore();
  const problems = useStudio((state) => state.problems);
  const project = useStudio((state) => state.project);
  const [selected, setSelected] = useState<string>();
  if (problems.length === 0) {
    return (
      <EmptyState
        glyph="check"
        title="No problems"
        hint="The project is checked after every change. What has to be put right is listed here."
      />
    );
  }
  const sorted = problems.toSorted((a, b) => rank(a) - rank(b));
  return (
    <VirtualList
      label="Problems"
      items={sorted}
      keyOf={keyOf}
      rowHeight={30}
      selectedKey={selected}
      onSelect={(problem) => {
        setSelected(keyOf(problem));
        goToProblem(store, problem, false);
      }}
      onActivate={(problem) => goToProblem(store, problem, true)}
      renderRow={(problem) => <ProblemRow problem={problem} place={placeOf(project, problem)} />}
    />
  );
}

function ProblemRow({ problem, place }: { readonly problem: Problem; readonly place: string }) {
  return (
    <span className={`problem-row is-${problem.severity}`} title={problem.fix ?? problem.message}>
      <Glyph name={problem.severity === 'error' ? 'error' : 'warning'} size={14} />
      <span className="problem-message">
        {problem.message}
        {problem.fix === undefined ? null : <span className="problem-fix"> {problem.fix}</span>}
      </span>
      <span className="problem-place">{place}</span>
    </span>
  );
}

function rank({ severity }: Problem): number {
  return severity === 'error' ? 0 : 1;
}

function keyOf(problem: Problem): string {
  const { code, process, activity, transition, resource, field, message } = problem;
  return [code, process, activity, transition, resource, field, message].join('|');
}

function placeOf(project: StudioState['project'], { process, activity, resource }: Problem): string {
  if (resource !== undefined) return project?.resources[resource]?.name ?? resource;
  const owner = process === undefined ? undefined : project?.processes[process];
  if (owner === undefined) return process ?? '';
  const name = activity === undefined ? undefined : owner.activities[activity]?.name;
  return name === undefined ? owner.name : `${owner.name} › ${name}`;
}
