import type { Process, Transition, TransitionKind } from '../../../engine/model/document.ts';
import { ConditionForm } from '../../editors/condition-form.tsx';
import { changeTransition } from '../../edits/change-transition.ts';
import { Field } from '../../kit/field.tsx';
import { Select } from '../../kit/select.tsx';
import { TextInput } from '../../kit/text-input.tsx';
import { useStudio } from '../../store/use-studio.ts';
import { useShownProblems } from './shown-problems.ts';

const kinds: readonly { readonly value: TransitionKind; readonly label: string; readonly help: string }[] = [
  { value: 'success', label: 'Success', help: 'Taken whenever the activity before it succeeds.' },
  {
    value: 'condition',
    label: 'Success with condition',
    help: 'Taken when the activity succeeds and the condition is true. Every wire whose condition is true is taken.',
  },
  {
    value: 'otherwise',
    label: 'Otherwise',
    help: 'Taken when the activity succeeds and none of its conditions is true.',
  },
  {
    value: 'error',
    label: 'Error',
    help: 'Taken when the activity fails; what follows can read error.code and error.message.',
  },
];

interface TransitionPropertiesProps {
  readonly process: Process;
  readonly transition: Transition;
}

/** When a wire is taken. */
export function TransitionProperties({ process, transition }: TransitionPropertiesProps) {
  const edit = useStudio((state) => state.edit);
  const problems = useStudio((state) =>
    state.problems.filter((problem) => problem.process === process.id && problem.transition === transition.id),
  );
  const shown = useShownProblems(problems, (transition.condition ?? '') === '');
  const kind = kinds.find((one) => one.value === transition.kind);
  const nameOf = (id: string) => process.activities[id]?.name ?? id;
  const change = (patch: Parameters<typeof changeTransition>[2]) =>
    edit('Change wire', changeTransition(process.id, transition.id, patch));
  return (
    <>
      <header className="panel-head">
        <h2>Transition</h2>
      </header>
      <div className="properties-body">
        <p className="wire-ends">
          <b>{nameOf(transition.from)}</b> to <b>{nameOf(transition.to)}</b>
        </p>
        <div className="config-form">
          <Field
            name="kind"
            label="Taken on"
            help={kind?.help}
            errors={problems.filter((problem) => problem.field !== 'condition').map((problem) => problem.message)}
          >
            {(ids) => (
              <Select
                {...ids}
                value={transition.kind}
                options={kinds}
                onCommit={(value) => change({ kind: value as TransitionKind })}
              />
            )}
          </Field>
          {transition.kind === 'condition' ? (
            <ConditionForm process={process} transition={transition} problems={shown} />
          ) : null}
          <Field name="name" label="Name" help="Shown on the wire in place of the condition.">
            {(ids) => <TextInput {...ids} value={transition.name ?? ''} onCommit={(name) => change({ name })} />}
          </Field>
        </div>
      </div>
    </>
  );
}
