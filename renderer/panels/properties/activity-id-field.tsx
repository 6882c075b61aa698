import { useState } from 'react';
import { whyNotId } from '../../../engine/expressions/rename-activity.ts';
import type { Activity, Process } from '../../../engine/model/document.ts';
import { changeActivityId } from '../../edits/change-activity.ts';
import { Field } from '../../kit/field.tsx';
import { TextInput } from '../../kit/text-input.tsx';
import { useStudio } from '../../store/use-studio.ts';

/** The name by which expressions read the activity's output. Everything that reads it follows a change. */
export function ActivityIdField({ process, activity }: { readonly process: Process; readonly activity: Activity }) {
  const { edit, select, show } = useStudio((state) => ({ edit: state.edit, select: state.select, show: state.show }));
  const [error, setError] = useState<string>();
  const commit = (id: string) => {
    const reason = whyNotId(process, id);
    setError(reason);
    if (reason !== undefined || !edit('Change id', changeActivityId(process.id, activity.id, id))) return;
    select({ activities: [id] });
    // The form is drawn anew for the new id.
    show({ wantedField: 'id' });
  };
  return (
    <Field
      name="id"
      label="Id in expressions"
      help={`Expressions read the output as ${activity.id}; they follow when you change it.`}
      errors={error === undefined ? [] : [error]}
    >
      {(ids) => <TextInput {...ids} className="code-input" value={activity.id} onCommit={commit} />}
    </Field>
  );
}
