import type { ComponentProps } from 'react';
import { useEffect, useState } from 'react';
import type { JsonValue } from '../../../engine/model/json-value.ts';
import { findConfigReferences } from '../../../engine/model/property-references.ts';
import type { LookupField } from '../../../engine/spi/fields.ts';
import type { ConnectionRef } from '../../../engine/studio/contract.ts';
import { classNames } from '../../kit/class-names.ts';
import { Combobox } from '../../kit/combobox.tsx';
import type { FieldControlIds } from '../../kit/field.tsx';
import { Glyph } from '../../kit/glyph.tsx';
import type { Option } from '../../kit/select.tsx';
import type { StudioClient } from '../../store/client.ts';
import { useStudio } from '../../store/use-studio.ts';
import { CreateTopicDialog } from '../topics/create-topic-dialog.tsx';
import { TopicWarning } from './topic-warning.tsx';
import { useTopicNames } from './use-topic-names.ts';

interface TopicControlProps {
  readonly ids: FieldControlIds;
  readonly field: LookupField;
  readonly value: JsonValue | undefined;
  /** The resource id in the connection field; anything else means the bundled cluster. */
  readonly connection: JsonValue | undefined;
  readonly onChange: (value: JsonValue | undefined) => void;
}

/** A topic of the cluster, or several: chosen from the ones that exist, or typed. Says so when one does not exist. */
export function TopicControl({ ids, field, value, connection, onChange }: TopicControlProps) {
  const client = useStudio((state) => state.client);
  const { ref, isBundled } = useConnection(connection);
  const isMultiple = field.multiple === true;
  const topics = listOf(value, isMultiple);
  const [creating, setCreating] = useState<string>();
  const [made, setMade] = useState(0);
  const { known, missing } = useMissingTopics(ref, field.required === true ? topics : [], made);
  const commit = (next: readonly string[]) => {
    const names = [...new Set(next)];
    if (names.length === 0) onChange(undefined);
    else onChange(isMultiple ? names : names[0]);
  };
  const list: ListParts = {
    load: () => loadTopics(client, ref),
    loadingText: 'Asking the cluster for its topics…',
    emptyText: 'No topic matches. What you type is used as it is.',
    action: { label: (draft) => (draft === '' ? 'Create topic…' : `Create topic ${draft}…`), run: setCreating },
  };
  const refocus = useRefocus(ids);
  const endCreating = () => {
    setCreating(undefined);
    refocus();
  };
  const onCreated = (name: string) => {
    // The name that was asked for may have been changed in the dialog.
    commit(isMultiple ? [...topics.filter((one) => one !== creating), name] : [name]);
    setMade(made + 1);
    endCreating();
  };
  return (
    <>
      {isMultiple ? (
        <TopicChips
          ids={ids}
          topics={topics}
          missing={missing}
          placeholder={field.placeholder}
          list={list}
          onCommit={commit}
          onRemoved={refocus}
        />
      ) : (
        <Combobox
          {...ids}
          {...list}
          value={topics[0] ?? ''}
          placeholder={field.placeholder ?? 'Choose or type a topic'}
          onCommit={(typed) => commit([typed.trim()].filter(Boolean))}
        />
      )}
      {missing.map((name) => (
        <TopicWarning
          key={name}
          name={name}
          known={known}
          isBundled={isBundled}
          onReplace={(other) => {
            commit(topics.map((one) => (one === name ? other : one)));
            refocus();
          }}
          onCreate={() => setCreating(name)}
        />
      ))}
      {creating === undefined ? null : (
        <CreateTopicDialog connection={ref} initialName={creating} onClose={endCreating} onCreated={onCreated} />
      )}
    </>
  );
}

/**
 * Which of some topics are not in the cluster. One whose name comes from a property is not known before it runs; optional ones
 * are not asked about: a dead-letter topic is made when the first record goes there.
 */
function useMissingTopics(ref: ConnectionRef | undefined, topics: readonly string[], made: number) {
  const toCheck = topics.filter((name) => findConfigReferences(name).length === 0);
  const known = useTopicNames(ref, { isWanted: toCheck.length > 0, round: `${toCheck.join()} ${made}` });
  const missing = known === undefined ? [] : toCheck.filter((name) => !known.includes(name));
  return { known: known ?? [], missing };
}

/** Takes the keyboard back to the field once it is drawn anew: what had it may have gone. */
function useRefocus({ id }: FieldControlIds): () => void {
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (round > 0) document.getElementById(id)?.focus();
  }, [round, id]);
  return () => setRound((before) => before + 1);
}

type ListParts = Pick<ComponentProps<typeof Combobox>, 'load' | 'loadingText' | 'emptyText' | 'action'>;

interface TopicChipsProps {
  readonly ids: FieldControlIds;
  readonly topics: readonly string[];
  readonly missing: readonly string[];
  readonly placeholder: string | undefined;
  readonly list: ListParts;
  readonly onCommit: (topics: readonly string[]) => void;
  /** The button that had the keyboard is gone. */
  readonly onRemoved: () => void;
}

/** Several topics, and a field for one more. */
function TopicChips({
  ids,
  topics,
  missing,
  placeholder = 'Choose or type a topic',
  list,
  onCommit,
  onRemoved,
}: TopicChipsProps) {
  return (
    <div className="topic-list">
      {topics.map((topic) => (
        <span key={topic} className={classNames('chip', missing.includes(topic) && 'is-warning')}>
          {topic}
          <button
            type="button"
            aria-label={`Remove ${topic}`}
            onClick={() => {
              onCommit(topics.filter((one) => one !== topic));
              onRemoved();
            }}
          >
            <Glyph name="close" size={11} />
          </button>
        </span>
      ))}
      <Combobox
        key={topics.length}
        {...ids}
        {...list}
        value=""
        placeholder={topics.length === 0 ? placeholder : 'Add another topic'}
        onCommit={(typed) => onCommit([...topics, ...namesIn(typed)])}
      />
    </div>
  );
}

/** The connection of the form, with its settings as they are in the window: one that is not saved yet has its topics, too. */
function useConnection(connection: JsonValue | undefined): { ref: ConnectionRef | undefined; isBundled: boolean } {
  const resource = useStudio((state) =>
    typeof connection === 'string' ? state.project?.resources[connection] : undefined,
  );
  const ref = resource && {
    type: resource.type,
    name: resource.name,
    config: resource.config as Record<string, never>,
  };
  return { ref, isBundled: resource?.config.cluster !== 'servers' };
}

async function loadTopics(client: StudioClient, connection: ConnectionRef | undefined): Promise<readonly Option[]> {
  const resource = connection === undefined ? {} : { resource: connection };
  const topics = await client.call('resource.browse', { ...resource, what: 'topic' });
  return topics
    .filter((topic) => !topic.isInternal)
    .map(({ name, note }) => ({ value: name, label: name, hint: note }));
}

function listOf(value: JsonValue | undefined, isMultiple: boolean): readonly string[] {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  if (typeof value !== 'string' || value === '') return [];
  return isMultiple ? namesIn(value) : [value];
}

function namesIn(text: string): readonly string[] {
  return text
    .split(/[;,\s]+/)
    .map((name) => name.trim())
    .filter(Boolean);
}
