import { useState } from 'react';
import type { ConnectionRef, TopicSummary } from '../../../engine/studio/contract.ts';
import { Button } from '../../kit/button.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { Field } from '../../kit/field.tsx';
import { formatCount } from '../../kit/format-number.ts';
import { useStudio } from '../../store/use-studio.ts';
import { useAction } from './use-action.ts';
import { refOf } from './use-messages.ts';

interface DeleteTopicDialogProps {
  readonly topic: TopicSummary;
  readonly connection: ConnectionRef | undefined;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Deletes a topic once its name was typed: there is no way back. */
export function DeleteTopicDialog({ topic, connection, onClose, onDeleted }: DeleteTopicDialogProps) {
  const { client, readers } = useStudio((state) => ({
    client: state.client,
    readers: usersOf(topic.name, state.project),
  }));
  const [typed, setTyped] = useState('');
  const isSure = typed === topic.name;
  const { run, isBusy, failure } = useAction(async () => {
    await client.call('topics.delete', { ...refOf(connection), name: topic.name });
    onDeleted();
  });
  const count = topic.messageCount === null ? 'all its messages' : `its ${formatCount(topic.messageCount)} messages`;
  return (
    <Dialog
      title={`Delete ${topic.name}?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button look="danger" glyph="trash" type="submit" form="delete-topic" disabled={!isSure || isBusy}>
            {isBusy ? 'Deleting…' : 'Delete topic'}
          </Button>
        </>
      }
    >
      <form
        id="delete-topic"
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isSure) run();
        }}
      >
        <p>
          The topic and {count} will be gone on every broker. This cannot be undone.
          {readers === '' ? null : (
            <>
              {' '}
              In this project it is used by <b>{readers}</b>.
            </>
          )}
        </p>
        <Field name="delete-name" label={`Type ${topic.name} to go on`} errors={failure === undefined ? [] : [failure]}>
          {(ids) => (
            <input
              {...ids}
              className="input"
              autoFocus
              spellCheck={false}
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

interface ProjectLike {
  readonly processes: Readonly<
    Record<
      string,
      { readonly activities: Readonly<Record<string, { readonly name: string; readonly config: object }>> }
    >
  >;
}

/** Names of activities whose settings name the topic. */
function usersOf(topic: string, project: ProjectLike | null): string {
  const activities = Object.values(project?.processes ?? {}).flatMap((process) => Object.values(process.activities));
  const users = activities.filter(({ config }) => Object.values(config).some((value) => namesTopic(value, topic)));
  return users.map(({ name }) => name).join(', ');
}

function namesTopic(value: unknown, topic: string): boolean {
  return value === topic || (Array.isArray(value) && value.includes(topic));
}
