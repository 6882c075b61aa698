import { useState } from 'react';
import type { Activity, Process } from '../../../engine/model/document.ts';
import { activityIdPattern, reservedActivityIds } from '../../../engine/model/document.ts';
import { changeActivityId } from '../../commands/edits/change-activity.ts';
import { Field } from '../../kit/field.tsx';
import { TextInput } from '../../kit/text-input.tsx';
import { useStudio } from '../../store/use-studio.ts';

/** The name by which expressions read the activity's output. Everything that reads it follows a change. */
export function ActivityIdField({ process, activity }: { readonly process: Process; readonly activity: Activity }) {
  const { edit, select } = useStudio((state) => ({ edit: state.edit, select: state.select }));
  const [error, setError] = useState<string>();
  const commit = (id: string) => {
    const reason = whyNotId(process, id);
    setError(reason);
    if (reason !== undefined || !edit('Change id', changeActivityId(process.id, activity.id, id))) return;
    select({ activities: [id] });
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

function whyNotId(process: Process, id: string): string | undefined {
  if (!activityIdPattern.test(id)) return 'Use letters, digits and _; the first must not be a digit.';
  if (reservedActivityIds.includes(id)) return `${id} is a name that the job’s data uses itself.`;
  return id in process.activities ? `Another activity of this process is called ${id}.` : undefined;
}
