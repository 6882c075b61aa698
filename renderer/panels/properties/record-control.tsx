import type { FieldTypeName } from '../../../engine/model/field-types.ts';
import { fieldTypeNames } from '../../../engine/model/field-types.ts';
import type { JsonObject, JsonValue } from '../../../engine/model/json-value.ts';
import { Button, IconButton } from '../../kit/button.tsx';
import { Checkbox } from '../../kit/checkbox.tsx';
import type { FieldControlIds } from '../../kit/field.tsx';
import { Select } from '../../kit/select.tsx';
import { TextInput } from '../../kit/text-input.tsx';

interface RecordControlProps {
  readonly ids: FieldControlIds;
  readonly label: string;
  readonly value: JsonObject;
  readonly onChange: (value: JsonValue | undefined) => void;
}

const words: Readonly<Record<FieldTypeName, string>> = {
  string: 'Text',
  number: 'Number',
  integer: 'Whole number',
  boolean: 'True or false',
  object: 'Object',
  array: 'List',
  any: 'Anything',
};
const options = fieldTypeNames.map((value) => ({ value, label: words[value] }));

/** Fields by name, each with a type and whether it may be missing: a row each. */
export function RecordControl({ ids, label, value, onChange }: RecordControlProps) {
  const entries = Object.entries(value).map(([name, type]) => [name, String(type)] as const);
  const commit = (next: readonly (readonly [string, string])[]) =>
    onChange(next.length === 0 ? undefined : Object.fromEntries(next));
  const replace = (index: number, entry: readonly [string, string]) =>
    commit(entries.map((old, at) => (at === index ? entry : old)));
  return (
    <fieldset className="key-values" aria-label={label} aria-describedby={ids['aria-describedby']}>
      {entries.map(([name, type], index) => {
        const plain = type.replace('?', '');
        const isOptional = type.endsWith('?');
        return (
          <div key={name} className="record-field" data-testid={`record-${name}`}>
            <TextInput aria-label="Name" value={name} onCommit={(typed) => replace(index, [typed.trim(), type])} />
            <Select
              aria-label={`Type of ${name}`}
              value={plain}
              options={options}
              onCommit={(chosen) => replace(index, [name, isOptional ? `${chosen}?` : chosen])}
            />
            <span className="record-optional" title="A caller may leave it out">
              <Checkbox
                aria-label={`${name} is optional`}
                checked={isOptional}
                onCommit={(on) => replace(index, [name, on ? `${plain}?` : plain])}
              />
              optional
            </span>
            <IconButton
              glyph="trash"
              label={`Remove ${name}`}
              tooltipSide="left"
              onClick={() => commit(entries.filter((_, at) => at !== index))}
            />
          </div>
        );
      })}
      <Button id={ids.id} look="quiet" glyph="plus" onClick={() => commit([...entries, [freeName(value), 'string']])}>
        Add field
      </Button>
    </fieldset>
  );
}

function freeName(taken: JsonObject): string {
  let number = 1;
  while (`field${number}` in taken) number += 1;
  return `field${number}`;
}
