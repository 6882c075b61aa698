import type { ComponentProps } from 'react';
import { CheckLine } from '../../kit/check-line.tsx';
import { Field } from '../../kit/field.tsx';
import { Select } from '../../kit/select.tsx';

/** A message as it is being written. */
export interface MessageDraft {
  /** Empty: no key. */
  readonly key: string;
  readonly value: string;
  readonly isTombstone: boolean;
  /** One a line. */
  readonly headers: string;
  /** Empty: chosen by the key. */
  readonly partition: string;
}

export const emptyDraft: MessageDraft = { key: '', value: '', isTombstone: false, headers: '', partition: '' };

interface ProduceFormProps {
  readonly draft: MessageDraft;
  readonly onDraft: (draft: MessageDraft) => void;
  readonly partitions: number;
  /** Why the last message was not written. */
  readonly failure: string | undefined;
  readonly headersFault: string | undefined;
}

/** Key, partition, value and headers of a message. */
export function ProduceForm({ draft, onDraft, partitions, failure, headersFault }: ProduceFormProps) {
  const change = (part: Partial<MessageDraft>) => onDraft({ ...draft, ...part });
  return (
    <div className="dialog-form">
      <div className="field-pair">
        <Field name="produce-key" label="Key" help="Empty: no key.">
          {(ids) => (
            <input
              {...ids}
              className="input"
              spellCheck={false}
              value={draft.key}
              onChange={(event) => change({ key: event.target.value })}
            />
          )}
        </Field>
        <Field name="produce-partition" label="Partition" help="By the key, unless chosen.">
          {(ids) => (
            <Select
              {...ids}
              value={draft.partition}
              options={partitionOptions(partitions)}
              onCommit={(partition) => change({ partition })}
            />
          )}
        </Field>
      </div>
      <Field name="produce-value" label="Value" errors={failure === undefined ? [] : [failure]}>
        {(ids) => (
          <CodeArea
            {...ids}
            rows={8}
            disabled={draft.isTombstone}
            value={draft.value}
            onChange={(event) => change({ value: event.target.value })}
          />
        )}
      </Field>
      <CheckLine
        label="Null value (tombstone)"
        checked={draft.isTombstone}
        onCommit={(isTombstone) => change({ isTombstone })}
      />
      <Field
        name="produce-headers"
        label="Headers"
        help="One a line: name: value. A name may stand there twice."
        errors={headersFault === undefined ? [] : [headersFault]}
      >
        {(ids) => (
          <CodeArea
            {...ids}
            rows={2}
            value={draft.headers}
            onChange={(event) => change({ headers: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function CodeArea(props: ComponentProps<'textarea'>) {
  return <textarea {...props} className="input textarea code-field" spellCheck={false} />;
}

function partitionOptions(count: number) {
  const each = Array.from({ length: count }, (_, partition) => ({
    value: String(partition),
    label: `Partition ${partition}`,
  }));
  return [{ value: '', label: 'By the key' }, ...each];
}
