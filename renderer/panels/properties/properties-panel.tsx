import './properties.css';
import type { RefObject } from 'react';
import { useEffect, useRef } from 'react';
import { EmptyState } from '../../kit/empty-state.tsx';
import type { Subject } from '../../store/selectors.ts';
import { subjectOf } from '../../store/selectors.ts';
import { useStudio, useStudioStore } from '../../store/use-studio.ts';
import { ActivityProperties } from './activity-properties.tsx';
import { ManyProperties } from './many-properties.tsx';
import { ProcessProperties } from './process-properties.tsx';
import { ResourceProperties } from './resource-properties.tsx';
import { RunTriedContext, useRunTried } from './shown-problems.ts';
import { TransitionProperties } from './transition-properties.tsx';

/** The properties of what is selected. */
export function PropertiesPanel() {
  const store = useStudioStore();
  // The subject is made anew on each call; its parts are what the panel follows.
  useStudio((state) => [state.project, state.activeProcess, state.selection, state.selectedResource] as const);
  const subject = subjectOf(store.getState());
  const panel = useRef<HTMLElement>(null);
  const isTried = useRunTried();
  useWantedField(panel, keyOf(subject));
  return (
    <aside
      ref={panel}
      className="panel properties nokey"
      aria-label="Properties"
      data-testid="properties"
      onBlur={() => store.getState().endSquash()}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.stopPropagation();
        store.getState().canvas?.focus();
      }}
    >
      <RunTriedContext value={isTried}>
        <SubjectProperties key={keyOf(subject)} subject={subject} />
      </RunTriedContext>
    </aside>
  );
}

function SubjectProperties({ subject }: { readonly subject: Subject }) {
  switch (subject.kind) {
    case 'activity':
      return <ActivityProperties process={subject.process} activity={subject.activity} />;
    case 'transition':
      return <TransitionProperties process={subject.process} transition={subject.transition} />;
    case 'resource':
      return <ResourceProperties resource={subject.resource} />;
    case 'process':
      return <ProcessProperties process={subject.process} />;
    case 'many':
      return <ManyProperties activities={subject.activities} transitions={subject.transitions} />;
    case 'none':
      return (
        <EmptyState glyph="process" title="No process is open" hint="Open one from the project, or make a new one." />
      );
  }
}

function keyOf(subject: Subject): string {
  switch (subject.kind) {
    case 'activity':
      return `${subject.process.id}/${subject.activity.id}`;
    case 'transition':
      return `${subject.process.id}/${subject.transition.id}`;
    case 'resource':
      return subject.resource.id;
    case 'process':
      return subject.process.id;
    default:
      return subject.kind;
  }
}

/** Takes the keyboard to the field that a command or problem asked for. */
function useWantedField(panel: RefObject<HTMLElement | null>, subjectKey: string): void {
  const { wantedField, show } = useStudio((state) => ({ wantedField: state.wantedField, show: state.show }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the field is looked for again in another subject's form
  useEffect(() => {
    if (wantedField === null || wantedField === 'palette-search') return;
    const field = wantedField.replace(/^config\./, '');
    const scope =
      wantedField === 'first'
        ? panel.current?.querySelector('.properties-body')
        : panel.current?.querySelector(`[data-field="${CSS.escape(field)}"]`);
    const control = scope?.querySelector<HTMLElement>('input, select, textarea, [tabindex="0"]');
    control?.scrollIntoView?.({ block: 'nearest' });
    control?.focus();
    show({ wantedField: null });
  }, [wantedField, subjectKey, panel, show]);
}
