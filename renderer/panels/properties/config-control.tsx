import type { JsonValue } from '../../../engine/model/json-value.ts';
import { isJsonObject } from '../../../engine/model/json-value.ts';
import type { ConfigField } from '../../../engine/spi/fields.ts';
import { Switch } from '../../kit/checkbox.tsx';
import type { FieldControlIds } from '../../kit/field.tsx';
import { NumberInput } from '../../kit/number-input.tsx';
import { Select } from '../../kit/select.tsx';
import { CodeField, TextArea, TextInput } from '../../kit/text-input.tsx';
import { KeyValueControl } from './key-value-control.tsx';
import { ProcessControl } from './process-control.tsx';
import { RecordControl } from './record-control.tsx';
import { ResourceControl } from './resource-control.tsx';
import { TopicControl } from './topic-control.tsx';

interface ConfigControlProps {
  readonly ids: FieldControlIds;
  readonly field: ConfigField;
  readonly value: JsonValue | undefined;
  /** The whole config: a topic needs the connection beside it. */
  readonly config: Readonly<Record<string, JsonValue>>;
  readonly onChange: (value: JsonValue | undefined) => void;
}

/** The control for a field's kind. A value that equals the default is not stored. */
export function ConfigControl({ ids, field, value, config, onChange }: ConfigControlProps) {
  const text = typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
  const commitText = (typed: string) => onChange(typed.trim() === '' ? undefined : typed);
  const placeholder = placeholderOf(field);
  switch (field.kind) {
    case 'text':
    case 'file':
    case 'secret':
      return <TextInput {...ids} value={text} onCommit={commitText} placeholder={placeholder} />;
    case 'multiline':
      return <TextArea {...ids} value={text} onCommit={commitText} placeholder={placeholder} />;
    case 'expression':
      return <CodeField {...ids} value={text} onCommit={commitText} placeholder={placeholder} />;
    case 'number': {
      const isNumber = typeof value === 'number';
      return (
        <NumberInput
          {...ids}
          value={isNumber ? value : undefined}
          text={isNumber || value === undefined ? undefined : text}
          placeholder={placeholder}
          min={field.min}
          max={field.max}
          unit={field.unit}
          onCommit={(typed) => onChange(typed === field.default ? undefined : typed)}
        />
      );
    }
    case 'boolean':
      return (
        <Switch
          {...withoutRequired(ids)}
          checked={(value ?? field.default) === true}
          onCommit={(on) => onChange(on === field.default ? undefined : on)}
        />
      );
    case 'choice':
      return (
        <Select
          {...ids}
          value={text === '' ? field.default : text}
          options={field.choices}
          onCommit={(chosen) => onChange(chosen === field.default ? undefined : chosen)}
        />
      );
    case 'resource':
      return <ResourceControl ids={ids} field={field} value={text} onChange={onChange} />;
    case 'lookup':
      return <TopicControl ids={ids} field={field} value={value} connection={config[field.of]} onChange={onChange} />;
    case 'process':
      return <ProcessControl ids={ids} value={text} onChange={onChange} />;
    case 'record':
      return (
        <RecordControl ids={ids} label={field.label} value={isJsonObject(value) ? value : {}} onChange={onChange} />
      );
    case 'keyValue':
      return (
        <KeyValueControl
          ids={ids}
          label={field.label}
          value={isJsonObject(value) ? value : (field.default ?? {})}
          onChange={onChange}
        />
      );
  }
}

/** A switch is never empty, so it cannot be required. */
function withoutRequired({
  'aria-required': _required,
  ...ids
}: FieldControlIds): Omit<FieldControlIds, 'aria-required'> {
  return ids;
}

/** The default, as it would be typed; else the declared placeholder. */
function placeholderOf(field: ConfigField): string | undefined {
  const fallback = 'default' in field ? field.default : undefined;
  if (typeof fallback === 'number') return fallback.toLocaleString('en-US').replaceAll(',', ' ');
  return typeof fallback === 'string' ? fallback : field.placeholder;
}
