import { useState } from 'react';
import type { ConnectionRef } from '../../../engine/studio/contract.ts';
import { Button } from '../../kit/button.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { Field } from '../../kit/field.tsx';
import { NumberInput } from '../../kit/number-input.tsx';
import { useStudio } from '../../store/use-studio.ts';
import { useAction } from './use-action.ts';
import { refOf } from './use-messages.ts';

interface CreateTopicDialogProps {
  readonly connection: ConnectionRef | undefined;
  /** What stands in the name at first. */
  readonly initialName?: string;
  readonly onClose: () => void;
  readonly onCreated: (name: string) => void;
}

/** What Kafka takes as the name of a topic. */
const namePattern = /^[A-Za-z0-9._-]{1,249}$/;
const partitionsMax = 1_000;
const replicasMax = 9;

/** Asks for the name and shape of a new topic, and makes it. */
export function CreateTopicDialog({ connection, initialName = '', onClose, onCreated }: CreateTopicDialogProps) {
  const { client, brokers } = useStudio((state) => ({ client: state.client, brokers: state.cluster.brokers.length }));
  const [name, setName] = useState(initialName);
  const [partitions, setPartitions] = useState(3);
  const [replicationFactor, setReplicationFactor] = useState(
    connection === undefined ? Math.max(1, Math.min(3, brokers)) : 1,
  );
  const isNamed = namePattern.test(name) && name !== '.' && name !== '..';
  const { run, isBusy, failure } = useAction(async () => {
    await client.call('topics.create', { ...refOf(connection), name, partitions, replicationFactor });
    onCreated(name);
  });
  const nameErrors =
    name !== '' && !isNamed ? ['Letters, digits, dot, underscore and hyphen, at most 249 characters.'] : [];
  return (
    <Dialog
      title="New topic"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form="create-topic" disabled={!isNamed || isBusy}>
            {isBusy ? 'Creating…' : 'Create'}
          </Button>
        </>
      }
    >
      <form
        id="create-topic"
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isNamed) run();
        }}
      >
        <Field name="topic-name" label="Name" errors={failure === undefined ? nameErrors : [failure]} required>
          {(ids) => (
            <input
              {...ids}
              className="input"
              autoFocus
              spellCheck={false}
              value={name}
              onChange={(event) => setName(event.target.value.trim())}
            />
          )}
        </Field>
        <div className="field-pair">
          <Field name="topic-partitions" label="Partitions" help="How many consumers of a group can share the work.">
            {(ids) => <BoundedNumber ids={ids} value={partitions} max={partitionsMax} onChange={setPartitions} />}
          </Field>
          <Field name="topic-replicas" label="Replicas" help="Copies on different brokers; all but one may fail.">
            {(ids) => (
              <BoundedNumber ids={ids} value={replicationFactor} max={replicasMax} onChange={setReplicationFactor} />
            )}
          </Field>
        </div>
      </form>
    </Dialog>
  );
}

interface BoundedNumberProps {
  readonly ids: object;
  readonly value: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}

function BoundedNumber({ ids, value, max, onChange }: BoundedNumberProps) {
  const commit = (next: number | string | undefined) => {
    if (typeof next === 'number') onChange(Math.min(max, Math.max(1, Math.round(next))));
  };
  return <NumberInput {...ids} value={value} min={1} max={max} onCommit={commit} />;
}
