import './editors.css';
import type { DragEvent } from 'react';
import { useRef, useState } from 'react';
import type { DeclaredInput } from '../../engine/model/activity-catalog.ts';
import type { Activity, Process } from '../../engine/model/document.ts';
import type { Problem } from '../../engine/model/problem.ts';
import { setInput } from '../edits/change-activity.ts';
import { Button } from '../kit/button.tsx';
import { classNames } from '../kit/class-names.ts';
import { useStudio } from '../store/use-studio.ts';
import { DataTree } from './data-tree.tsx';
import type { ExpressionTarget } from './expression-field.ts';
import { fieldNameFor } from './field-name.ts';
import { MappingField } from './mapping-field.tsx';
import { SampleBar } from './sample-bar.tsx';
import { useInputFields } from './use-input-fields.ts';
import { usePreview } from './use-preview.ts';

interface MappingFormProps {
  readonly process: Process;
  readonly activity: Activity;
  /** Which of its expressions: those of the input, or those that a construct evaluates at a time of its own. */
  readonly reads?: DeclaredInput['reads'];
  /** Of the activity, to be shown beside its fields. */
  readonly problems: readonly Problem[];
}

/** The mapper: what can be read on one side, one expression per input field on the other, each with its value on real data. */
export function MappingForm({ process, activity, reads, problems }: MappingFormProps) {
  const { edit, show } = useStudio((state) => ({ edit: state.edit, show: state.show }));
  const preview = usePreview({ process, activity: activity.id, reads });
  const target = useRef<ExpressionTarget>(null);
  const addButton = useRef<HTMLButtonElement>(null);
  const { fields, isOpen, names } = useFields(process, activity, reads);
  const firstEmpty = names.find((name) => !activity.input[name]);
  const change = (field: string, text: string | undefined) =>
    edit(`Map ${field}`, setInput(process.id, activity.id, field, text), `input:${process.id}/${activity.id}/${field}`);
  const pick = (path: string) => {
    if (target.current !== null) target.current.insert(path);
    else if (firstEmpty !== undefined) change(firstEmpty, path);
    else addFor(path);
  };
  const addFor = (path: string) => {
    if (isOpen) change(fieldNameFor(path, activity.input), path);
  };
  const add = (name: string) => {
    change(name, '');
    show({ wantedField: `name.${name}` });
  };
  // Data let go beside the fields becomes a field of its own; where fields are given, it goes to the first that is empty.
  const drop = useDrop((path) => {
    if (!isOpen && firstEmpty !== undefined) change(firstEmpty, path);
    else addFor(path);
  });
  return (
    <div className="mapping">
      <div className="mapping-data">
        <SampleBar preview={preview} />
        <DataTree preview={preview} onPick={pick} />
      </div>
      <div
        className={classNames('mapping-fields', drop.isOver && 'is-drop')}
        data-testid="mapping-fields"
        {...drop.handlers}
      >
        {names.map((name) => (
          <MappingField
            key={name}
            name={name}
            process={process}
            activity={activity}
            declared={fields[name]}
            preview={preview}
            problems={problems.filter((problem) => problem.field === `input.${name}`)}
            onChange={(text) => change(name, text)}
            onRemove={() => {
              change(name, undefined);
              addButton.current?.focus();
            }}
            onFocus={(focused) => {
              target.current = focused;
            }}
          />
        ))}
        {isOpen ? (
          <>
            <Button glyph="plus" data-testid="add-mapping" ref={addButton} onClick={() => add(freeField(activity))}>
              Add field
            </Button>
            <p className="mapping-drop">Let go for a new field.</p>
          </>
        ) : null}
        {names.length === 0 ? <NoFields /> : null}
      </div>
    </div>
  );
}

/** Takes data rows that are let go on an element, but not on an editor in it. */
function useDrop(onDrop: (path: string) => void) {
  const [isOver, setOver] = useState(false);
  const isOnEditor = ({ target }: DragEvent) =>
    target instanceof Element && target.closest('.expression-editor') !== null;
  const handlers = {
    onDragOver: (event: DragEvent) => {
      setOver(!isOnEditor(event));
      if (event.dataTransfer.types.includes('text/plain')) event.preventDefault();
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      setOver(false);
      const path = event.dataTransfer.getData('text/plain');
      if (event.defaultPrevented || isOnEditor(event) || path === '') return;
      event.preventDefault();
      onDrop(path);
    },
  };
  return { isOver, handlers };
}

function NoFields() {
  return <p className="mapping-none">Each field that you add becomes a field of the output.</p>;
}

/** The fields that are evaluated at one time, and whether others may be added to them. */
function useFields(process: Process, activity: Activity, reads: MappingFormProps['reads']) {
  const { fields, isOpen } = useInputFields(process, activity);
  const names = fieldNames(fields, activity).filter((name) => fields[name]?.reads === reads);
  return { fields, isOpen: isOpen && reads === undefined, names };
}

/** Fields that are declared, then those that the user added. */
function fieldNames(declared: object, activity: Activity): readonly string[] {
  return [...new Set([...Object.keys(declared), ...Object.keys(activity.input)])];
}

function freeField(activity: Activity): string {
  let number = 1;
  while (`field${number}` in activity.input) number += 1;
  return `field${number}`;
}
