import type { Activity, Process } from '../../../engine/model/document.ts';
import { changeKind } from '../../edits/change-activity.ts';
import { Field } from '../../kit/field.tsx';
import { Select } from '../../kit/select.tsx';
import { useStudio } from '../../store/use-studio.ts';

interface GroupKindFieldProps {
  readonly process: Process;
  readonly activity: Activity;
}

/** What a group does with what is in it: BusinessWorks' group action. What is in it stays. */
export function GroupKindField({ process, activity }: GroupKindFieldProps) {
  const palette = useStudio((state) => state.palette);
  const edit = useStudio((state) => state.edit);
  const kinds = [...palette.values()].filter(({ kind }) => kind === 'scope');
  return (
    <Field
      name="groupKind"
      label="Group action"
      help="What is done with the activities in it; they stay when it changes."
    >
      {(ids) => (
        <Select
          {...ids}
          value={activity.type}
          options={kinds.map(({ type, title }) => ({ value: type, label: title }))}
          onCommit={(type) => {
            const [from, to] = [palette.get(activity.type), palette.get(type)];
            if (from !== undefined && to !== undefined)
              edit('Change group action', changeKind(process.id, activity.id, from, to));
          }}
        />
      )}
    </Field>
  );
}
