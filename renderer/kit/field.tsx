import type { ReactNode } from 'react';
import { useId } from 'react';
import { classNames } from './class-names.ts';
import { Glyph } from './glyph.tsx';

/** What a control needs to be tied to its label, help and errors. */
export interface FieldControlIds {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
  readonly 'aria-required': boolean;
}

export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly help?: string | undefined;
  readonly required?: boolean;
  /** Shown beneath the control, in the danger colour. */
  readonly errors?: readonly string[];
  readonly warnings?: readonly string[];
  /** Right of the label: a type, a button. */
  readonly aside?: ReactNode;
  readonly inline?: boolean;
  readonly children: (ids: FieldControlIds) => ReactNode;
}

const none: readonly string[] = [];

/** A labelled control with help and messages. The child draws the control with the ids it is given. */
export function Field({ name, label, help, required = false, errors = none, warnings = none, ...rest }: FieldProps) {
  const id = useId();
  const notesId = `${id}-notes`;
  const hasNotes = help !== undefined || errors.length > 0 || warnings.length > 0;
  const ids: FieldControlIds = {
    id,
    'aria-describedby': hasNotes ? notesId : undefined,
    'aria-invalid': errors.length > 0,
    'aria-required': required,
  };
  return (
    <div className={classNames('field', rest.inline && 'field-inline')} data-testid={`field-${name}`} data-field={name}>
      <div className="field-head">
        <label htmlFor={id}>
          {label}
          {required ? <span className="field-required"> required</span> : null}
        </label>
        {rest.aside}
      </div>
      {rest.children(ids)}
      <div id={notesId} className="field-notes">
        <FieldMessages tone="danger" texts={errors} />
        <FieldMessages tone="warning" texts={warnings} />
        {help === undefined ? null : <p className="field-help">{help}</p>}
      </div>
    </div>
  );
}

function FieldMessages({ tone, texts }: { readonly tone: 'danger' | 'warning'; readonly texts: readonly string[] }) {
  return texts.map((text) => (
    <p key={text} className={`field-message is-${tone}`} role={tone === 'danger' ? 'alert' : undefined}>
      <Glyph name={tone === 'danger' ? 'error' : 'warning'} size={13} />
      {text}
    </p>
  ));
}
