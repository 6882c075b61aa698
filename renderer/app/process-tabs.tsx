import { newProcess } from '../commands/new-process.ts';
import { runCommand } from '../commands/run-command.ts';
import { StatusDot } from '../kit/badge.tsx';
import { IconButton } from '../kit/button.tsx';
import { Tabs } from '../kit/tabs.tsx';
import type { StudioState } from '../store/studio-store.ts';
import { useStudio, useStudioStore } from '../store/use-studio.ts';

/** While the studio does not answer, no tab claims that its process runs. */
const unknownStates: Readonly<Record<string, string>> = {};

/** One tab per process of the project. */
export function ProcessTabs() {
  const store = useStudioStore();
  const processes = useStudio((state) => state.project?.processes);
  const problems = useStudio((state) => state.problems);
  const states = useStudio((state) => (state.connection === 'open' ? state.run.processStates : unknownStates));
  const { active, openProcess, show } = useStudio(tabState);
  const items = Object.values(processes ?? {}).map((process) => ({
    id: process.id,
    label: process.name,
    testId: `process-tab-${process.id}`,
    mark: (
      <TabMark
        state={states[process.id]}
        hasErrors={problems.some((one) => one.process === process.id && one.severity === 'error')}
      />
    ),
  }));
  return (
    <div className="process-tabs">
      <Tabs
        label="Processes"
        look="file"
        items={items}
        selected={active ?? undefined}
        onSelect={(id) => openProcess(id)}
        onDoubleClick={(id) => show({ overlay: { kind: 'rename', of: { kind: 'process', id } } })}
      />
      <IconButton glyph="plus" label="New process" onClick={() => runCommand(store, newProcess)} />
    </div>
  );
}

function tabState(state: StudioState) {
  return { active: state.activeProcess, openProcess: state.openProcess, show: state.show };
}

function TabMark({ state, hasErrors }: { readonly state: string | undefined; readonly hasErrors: boolean }) {
  if (state === 'running') return <StatusDot tone="success" pulse />;
  if (state === 'failed' || hasErrors) return <StatusDot tone="danger" />;
  return state === 'finished' ? <StatusDot tone="info" /> : null;
}
