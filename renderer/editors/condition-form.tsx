import type { Process, Transition } from '../../engine/model/document.ts';
import type { Problem } from '../../engine/model/problem.ts';
import { changeTransition } from '../commands/edits/change-transition.ts';
import { Field } from '../kit/field.tsx';
import { CodeField } from '../kit/text-input.tsx';
import { useStudio } from '../store/use-studio.ts';

interface ConditionFormProps {
  readonly process: Process;
  readonly transition: Transition;
  readonly problems: readonly Problem[];
}

/** The condition of a wire. */
export function ConditionForm({ process, transition, problems }: ConditionFormProps) {
  const edit = useStudio((state) => state.edit);
  const errors = problems.filter((problem) => problem.field === 'condition').map((problem) => problem.message);
  return (
    <Field name="condition" label="Condition" errors={errors}>
      {(ids) => (
        <CodeField
          {...ids}
          value={transition.condition ?? ''}
          onCommit={(condition) => edit('Change condition', changeTransition(process.id, transition.id, { condition }))}
        />
      )}
    </Field>
  );
}
