import type { JsonObject, JsonValue } from '../../../engine/model/json-value.ts';
import { Button, IconButton } from '../../kit/button.tsx';
import type { FieldControlIds } from '../../kit/field.tsx';
import { TextInput } from '../../kit/text-input.tsx';

interface KeyValueControlProps {
  readonly ids: FieldControlIds;
  readonly label: string;
  readonly value: JsonObject;
  readonly onChange: (value: JsonValue | undefined) => void;
}

/** Names with text values, a row each. */
export function KeyValueControl({ ids, label, value, onChange }: KeyValueControlProps) {
  const entries = Object.entries(value).map(([name, text]) => [name, String(text)] as const);
  const commit = (next: readonly (readonly [string, string])[]) =>
    onChange(next.length === 0 ? undefined : Object.fromEntries(next));
  const replace = (index: number, entry: readonly [string, string]) =>
    commit(entries.map((old, at) => (at === index ? entry : old)));
  return (
    <fieldset className="key-values" aria-label={label} aria-describedby={ids['aria-describedby']}>
      {entries.map(([name, text], index) => (
        <div key={name} className="key-value">
          <TextInput aria-label="Name" value={name} onCommit={(typed) => replace(index, [typed, text])} />
          <TextInput aria-label={`Value of ${name}`} value={text} onCommit={(typed) => replace(index, [name, typed])} />
          <IconButton
            glyph="trash"
            label={`Remove ${name}`}
            tooltipSide="left"
            onClick={() => commit(entries.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button id={ids.id} look="quiet" glyph="plus" onClick={() => commit([...entries, [freeName(value), '']])}>
        Add
      </Button>
    </fieldset>
  );
}

function freeName(taken: JsonObject): string {
  let number = 1;
  while (`name${number}` in taken) number += 1;
  return `name${number}`;
}
