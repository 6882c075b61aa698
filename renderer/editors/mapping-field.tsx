import type { Activity, Process } from '../../engine/model/document.ts';
import type { Problem } from '../../engine/model/problem.ts';
import type { InputField } from '../../engine/spi/define-activity.ts';
import { renameInput } from '../edits/change-activity.ts';
import { IconButton } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { TextInput } from '../kit/text-input.tsx';
import { useStudio } from '../store/use-studio.ts';
import { ExpressionEditor } from './expression-editor.tsx';
import type { ExpressionTarget } from './expression-field.ts';
import { ExpressionPreview } from './expression-preview.tsx';
import type { Preview } from './use-preview.ts';
import { typeName } from './value-types.ts';

interface MappingFieldProps {
  readonly name: string;
  readonly process: Process;
  readonly activity: Activity;
  /** undefined: the user added the field. */
  readonly declared: InputField | undefined;
  readonly preview: Preview;
  readonly problems: readonly Problem[];
  /** undefined: emptied. */
  readonly onChange: (text: string | undefined) => void;
  /** The field, which the user added, is not wanted any more. */
  readonly onRemove: () => void;
  readonly onFocus: (target: ExpressionTarget) => void;
}

/** One input field: its expression, and what that gives. */
export function MappingField({
  name,
  process,
  activity,
  declared,
  preview,
  problems,
  onChange,
  onRemove,
  onFocus,
}: MappingFieldProps) {
  const text = activity.input[name] ?? '';
  const label = declared?.label ?? name;
  const messages = (severity: Problem['severity']) =>
    problems.filter((problem) => problem.severity === severity).map((problem) => problem.message);
  return (
    <div className="mapping-field" data-testid={`mapping-${name}`}>
      {declared === undefined ? (
        <OpenFieldHead name={name} process={process} activity={activity} onRemove={onRemove} />
      ) : null}
      <Field
        name={`input.${name}`}
        label={label}
        help={text === '' ? declared?.help : undefined}
        required={declared?.required === true}
        errors={messages('error')}
        warnings={messages('warning')}
        aside={declared === undefined ? null : <span className="mapping-type">{typeName(declared.type)}</span>}
      >
        {(ids) => (
          <ExpressionEditor
            ids={ids}
            label={`Expression of ${label}`}
            value={text}
            scope={preview.scope}
            placeholder="Drag data here, or type"
            onChange={(next) => onChange(next === '' && declared !== undefined ? undefined : next)}
            onFocus={onFocus}
          />
        )}
      </Field>
      {messages('error').length > 0 ? null : (
        <ExpressionPreview text={text} preview={preview} testId={`mapping-preview-${name}`} />
      )}
    </div>
  );
}

interface OpenFieldHeadProps {
  readonly name: string;
  readonly process: Process;
  readonly activity: Activity;
  readonly onRemove: () => void;
}

/** Name of a field that the user added, and the way to be rid of it. */
function OpenFieldHead({ name, process, activity, onRemove }: OpenFieldHeadProps) {
  const { edit, show } = useStudio((state) => ({ edit: state.edit, show: state.show }));
  const named = (text: string) => {
    const isTaken = Object.hasOwn(activity.input, text.trim()) || text.trim() === '';
    show({ wantedField: `input.${isTaken ? name : text.trim()}` });
  };
  return (
    <div className="open-field-head" data-field={`name.${name}`}>
      <TextInput
        aria-label={`Name of the field ${name}`}
        className="open-field-name"
        value={name}
        onFocus={(event) => event.currentTarget.select()}
        onEnter={named}
        onCommit={(next) => edit('Rename field', renameInput(process.id, activity.id, name, next.trim()))}
      />
      <IconButton glyph="trash" label={`Remove ${name}`} tooltipSide="left" onClick={onRemove} />
    </div>
  );
}
