import { useState } from 'react';
import type { ConnectionRef, TopicSummary } from '../../../engine/studio/contract.ts';
import { Button } from '../../kit/button.tsx';
import { Checkbox } from '../../kit/checkbox.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { Field } from '../../kit/field.tsx';
import { formatCount } from '../../kit/format-number.ts';
import { Select } from '../../kit/select.tsx';
import { useStudio } from '../../store/use-studio.ts';
import { parseHeaders } from './parse-headers.ts';
import { useAction } from './use-action.ts';
import { refOf } from './use-messages.ts';

interface ProduceDialogProps {
  readonly topic: TopicSummary;
  readonly connection: ConnectionRef | undefined;
  readonly onClose: () => void;
  readonly onProduced: () => void;
}

/** Writes one message to a topic; stays open for the next one. */
export function ProduceDialog({ topic, connection, onClose, onProduced }: ProduceDialogProps) {
  const client = useStudio((state) => state.client);
  const [draft, setDraft] = useState({ key: '', value: '', isTombstone: false, headers: '', partition: '' });
  const [sent, setSent] = useState<string>();
  const change = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  const headers = parseHeaders(draft.headers);
  const { run, isBusy, failure } = useAction(async () => {
    const { partition, offset } = await client.call('topics.produce', {
      ...refOf(connection),
      topic: topic.name,
      ...(draft.partition === '' ? {} : { partition: Number(draft.partition) }),
      key: draft.key === '' ? null : draft.key,
      value: draft.isTombstone ? null : draft.value,
      headers: headers.ok ? [...headers.value] : [],
    });
    setSent(`Written to partition ${partition} at offset ${formatCount(offset)}.`);
    onProduced();
  });
  return (
    <Dialog
      title={`Produce to ${topic.name}`}
      onClose={onClose}
      width={560}
      actions={
        <>
          <span className="dialog-status" role="status">
            {sent}
          </span>
          <Button onClick={onClose}>Close</Button>
          <Button look="primary" onClick={run} disabled={isBusy || !headers.ok} data-testid="produce-send">
            {isBusy ? 'Sending…' : 'Send'}
          </Button>
        </>
      }
    >
      <div className="dialog-form">
        <div className="field-pair">
          <Field name="produce-key" label="Key" help="Empty: no key.">
            {(ids) => (
              <input {...ids} className="input" spellCheck={false} value={draft.key} onChange={(event) => change({ key: event.target.value })} />
            )}
          </Field>
          <Field name="produce-partition" label="Partition" help="By the key, unless chosen.">
            {(ids) => (
              <Select
                {...ids}
                value={draft.partition}
                options={partitionOptions(topic)}
                onCommit={(partition) => change({ partition })}
              />
            )}
          </Field>
        </div>
        <Field name="produce-value" label="Value" errors={failure === undefined ? [] : [failure]}>
          {(ids) => (
            <textarea
              {...ids}
              className="input textarea code-field"
              rows={8}
              spellCheck={false}
              disabled={draft.isTombstone}
              value={draft.value}
              onChange={(event) => change({ value: event.target.value })}
            />
          )}
        </Field>
        <label className="check-line">
          <Checkbox checked={draft.isTombstone} onCommit={(isTombstone) => change({ isTombstone })} /> Null value (tombstone)
        </label>
        <Field
          name="produce-headers"
          label="Headers"
          help="One a line: name: value. A name may stand there twice."
          errors={headers.ok ? [] : [headers.error]}
        >
          {(ids) => (
            <textarea
              {...ids}
              className="input textarea code-field"
              rows={2}
              spellCheck={false}
              value={draft.headers}
              onChange={(event) => change({ headers: event.target.value })}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}

function partitionOptions({ partitions }: TopicSummary) {
  const each = partitions.map(({ partition }) => ({ value: String(partition), label: `Partition ${partition}` }));
  return [{ value: '', label: 'By the key' }, ...each];
}
