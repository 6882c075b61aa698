import type { ReactNode } from 'react';
import { useState } from 'react';
import { isFieldVisible } from '../../../engine/model/activity-catalog.ts';
import type { JsonValue } from '../../../engine/model/json-value.ts';
import type { Problem } from '../../../engine/model/problem.ts';
import type { ConfigField, ConfigFields } from '../../../engine/spi/fields.ts';
import { Field } from '../../kit/field.tsx';
import { Glyph } from '../../kit/glyph.tsx';
import { ConfigControl } from './config-control.tsx';

export interface ConfigFormProps {
  readonly fields: ConfigFields;
  readonly config: Readonly<Record<string, JsonValue>>;
  /** Of the activity or resource; those with `field: 'config.<name>'` are shown beside their field. */
  readonly problems: readonly Problem[];
  /** undefined: the field was emptied, so its default counts. */
  readonly onChange: (field: string, value: JsonValue | undefined) => void;
  /** More fields at the end of the section General. */
  readonly children?: ReactNode;
}

/** The form made from a declaration: one field per setting, Advanced folded away. */
export function ConfigForm({ fields, config, problems, onChange, children }: ConfigFormProps) {
  const visible = Object.entries(fields).filter(([name]) => isFieldVisible(fields, name, config));
  const draw = ([name, field]: [string, ConfigField]) => (
    <ConfigFieldRow
      key={name}
      name={name}
      field={field}
      config={config}
      problems={problems}
      onChange={(value) => onChange(name, value)}
    />
  );
  const advanced = visible.filter(([, field]) => field.section === 'Advanced');
  const hasAdvancedProblem = advanced.some(([name]) => problems.some((problem) => problem.field === `config.${name}`));
  return (
    <div className="config-form">
      {visible.filter(([, field]) => field.section !== 'Advanced').map(draw)}
      {children}
      {advanced.length === 0 ? null : (
        <FormSection title="Advanced" count={advanced.length} isOpenAtFirst={hasAdvancedProblem}>
          {advanced.map(draw)}
        </FormSection>
      )}
    </div>
  );
}

interface ConfigFieldRowProps {
  readonly name: string;
  readonly field: ConfigField;
  readonly config: ConfigFormProps['config'];
  readonly problems: readonly Problem[];
  readonly onChange: (value: JsonValue | undefined) => void;
}

function ConfigFieldRow({ name, field, config, problems, onChange }: ConfigFieldRowProps) {
  const own = problems.filter((problem) => problem.field === `config.${name}` || problem.field === name);
  const textsOf = (severity: Problem['severity']) =>
    own.filter((one) => one.severity === severity).map((one) => one.message);
  return (
    <Field
      name={name}
      label={field.label}
      help={helpOf(field, config[name])}
      required={field.required === true}
      errors={textsOf('error')}
      warnings={textsOf('warning')}
      inline={field.kind === 'boolean'}
    >
      {(ids) => <ConfigControl ids={ids} field={field} value={config[name]} config={config} onChange={onChange} />}
    </Field>
  );
}

/** The help of a field, and of the choice that is taken. */
function helpOf(field: ConfigField, value: JsonValue | undefined): string {
  if (field.kind !== 'choice') return field.help;
  const chosen = field.choices.find((choice) => choice.value === (value ?? field.default));
  return chosen?.help === undefined ? field.help : `${field.help} ${chosen.label}: ${asClause(chosen.help)}.`;
}

/** Text to stand behind a colon: a small letter first, but not in `JSON`. */
function asClause(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

interface FormSectionProps {
  readonly title: string;
  readonly count: number;
  readonly isOpenAtFirst: boolean;
  readonly children: ReactNode;
}

function FormSection({ title, count, isOpenAtFirst, children }: FormSectionProps) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  return (
    <section className="form-section">
      <button
        type="button"
        className="form-section-head"
        aria-expanded={isOpen}
        data-testid={`section-${title}`}
        onClick={() => setOpen(!isOpen)}
      >
        <Glyph name={isOpen ? 'chevronDown' : 'chevronRight'} size={14} />
        {title}
        <span className="form-section-count">{count === 1 ? '1 setting' : `${count} settings`}</span>
      </button>
      {isOpen ? <div className="config-form">{children}</div> : null}
    </section>
  );
}
