import './editors.css';
import { useRef } from 'react';
import type { Process, Transition } from '../../engine/model/document.ts';
import type { Problem } from '../../engine/model/problem.ts';
import { changeTransition } from '../edits/change-transition.ts';
import { Field } from '../kit/field.tsx';
import { useStudio } from '../store/use-studio.ts';
import { DataTree } from './data-tree.tsx';
import { ExpressionEditor } from './expression-editor.tsx';
import type { ExpressionTarget } from './expression-field.ts';
import { ExpressionPreview } from './expression-preview.tsx';
import { SampleBar } from './sample-bar.tsx';
import { usePreview } from './use-preview.ts';

interface ConditionFormProps {
  readonly process: Process;
  readonly transition: Transition;
  readonly problems: readonly Problem[];
}

/** The condition of a wire, with its outcome on real data. */
export function ConditionForm({ process, transition, problems }: ConditionFormProps) {
  const edit = useStudio((state) => state.edit);
  const preview = usePreview({ process, activity: transition.from, sampleOf: transition.to, withOwnOutput: true });
  const target = useRef<ExpressionTarget>(null);
  const text = transition.condition ?? '';
  const change = (condition: string) =>
    edit('Change condition', changeTransition(process.id, transition.id, { condition }), `condition:${transition.id}`);
  const errors = problems.filter((problem) => problem.field === 'condition').map((problem) => problem.message);
  const pick = (path: string) =>
    target.current === null ? change(text === '' ? path : `${text} ${path}`) : target.current.insert(path);
  return (
    <>
      <Field
        name="condition"
        label="Condition"
        help="Compares data of the job: order.total > 100 and order.country = 'NO'"
        errors={errors}
      >
        {(ids) => (
          <ExpressionEditor
            ids={ids}
            label="Condition"
            value={text}
            scope={preview.scope}
            placeholder="true or false"
            onChange={change}
            onFocus={(focused) => {
              target.current = focused;
            }}
          />
        )}
      </Field>
      {errors.length > 0 ? null : <ExpressionPreview text={text} preview={preview} testId="condition-preview" />}
      <div className="condition-data">
        <SampleBar preview={preview} />
        <DataTree preview={preview} onPick={pick} />
      </div>
    </>
  );
}
