import { useState } from 'react';
import type { ConnectionRef, TopicSummary } from '../../../engine/studio/contract.ts';
import { Button } from '../../kit/button.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { formatCount } from '../../kit/format-number.ts';
import { useStudio } from '../../store/use-studio.ts';
import { parseHeaders } from './parse-headers.ts';
import type { MessageDraft } from './produce-form.tsx';
import { emptyDraft, ProduceForm } from './produce-form.tsx';
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
  const [draft, setDraft] = useState<MessageDraft>(emptyDraft);
  const [sent, setSent] = useState<string>();
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
  const actions = (
    <>
      <span className="dialog-status" role="status">
        {sent}
      </span>
      <Button onClick={onClose}>Close</Button>
      <Button look="primary" onClick={run} disabled={isBusy || !headers.ok} data-testid="produce-send">
        {isBusy ? 'Sending…' : 'Send'}
      </Button>
    </>
  );
  return (
    <Dialog title={`Produce to ${topic.name}`} onClose={onClose} width={560} actions={actions}>
      <ProduceForm
        draft={draft}
        onDraft={setDraft}
        partitions={topic.partitions.length}
        failure={failure}
        headersFault={headers.ok ? undefined : headers.error}
      />
    </Dialog>
  );
}
