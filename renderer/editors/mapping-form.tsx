import type { Activity, Process } from '../../engine/model/document.ts';
import type { ActivityDeclaration } from '../../engine/spi/define-activity.ts';
import { setInput } from '../commands/edits/change-activity.ts';
import { Field } from '../kit/field.tsx';
import { CodeField } from '../kit/text-input.tsx';
import { useStudio } from '../store/use-studio.ts';

interface MappingFormProps {
  readonly process: Process;
  readonly activity: Activity;
  readonly declaration: ActivityDeclaration;
}

/** One expression per input field. */
export function MappingForm({ process, activity, declaration }: MappingFormProps) {
  const edit = useStudio((state) => state.edit);
  const names = [...new Set([...Object.keys(declaration.input), ...Object.keys(activity.input)])];
  return (
    <div className="properties-body">
      {names.map((name) => (
        <Field
          key={name}
          name={`input.${name}`}
          label={declaration.input[name]?.label ?? name}
          help={declaration.input[name]?.help}
        >
          {(ids) => (
            <div data-testid={`mapping-${name}`}>
              <CodeField
                {...ids}
                value={activity.input[name] ?? ''}
                onCommit={(text) =>
                  edit(`Map ${name}`, setInput(process.id, activity.id, name, text === '' ? undefined : text))
                }
              />
            </div>
          )}
        </Field>
      ))}
    </div>
  );
}
