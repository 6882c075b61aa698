import type { JsonValue } from '../../../engine/model/json-value.ts';
import type { TopicField } from '../../../engine/spi/fields.ts';
import type { ConnectionRef } from '../../../engine/studio/contract.ts';
import { Combobox } from '../../kit/combobox.tsx';
import type { FieldControlIds } from '../../kit/field.tsx';
import { Glyph } from '../../kit/glyph.tsx';
import type { Option } from '../../kit/select.tsx';
import type { StudioClient } from '../../store/client.ts';
import { useStudio } from '../../store/use-studio.ts';

interface TopicControlProps {
  readonly ids: FieldControlIds;
  readonly field: TopicField;
  readonly value: JsonValue | undefined;
  /** The resource id in the connection field; anything else means the bundled cluster. */
  readonly connection: JsonValue | undefined;
  readonly onChange: (value: JsonValue | undefined) => void;
}

/** A topic of the cluster, or several: chosen from the ones that exist, or typed. */
export function TopicControl({ ids, field, value, connection, onChange }: TopicControlProps) {
  const client = useStudio((state) => state.client);
  const resource = useStudio((state) =>
    typeof connection === 'string' ? state.project?.resources[connection] : undefined,
  );
  // The settings as they are in the window: a connection that is not saved yet has its topics, too.
  const load = () =>
    loadTopics(client, resource && { name: resource.name, config: resource.config as Record<string, never> });
  const texts = {
    loadingText: 'Asking the cluster for its topics…',
    emptyText: 'No topic matches. What you type is used as it is.',
  };
  if (field.multiple !== true) {
    const single = typeof value === 'string' ? value : '';
    return (
      <Combobox
        {...ids}
        {...texts}
        value={single}
        load={load}
        placeholder={field.placeholder ?? 'Choose or type a topic'}
        onCommit={(typed) => onChange(typed.trim() === '' ? undefined : typed.trim())}
      />
    );
  }
  const topics = listOf(value);
  const commit = (next: readonly string[]) => onChange(next.length === 0 ? undefined : [...new Set(next)]);
  return (
    <div className="topic-list">
      {topics.map((topic) => (
        <span key={topic} className="chip">
          {topic}
          <button
            type="button"
            aria-label={`Remove ${topic}`}
            onClick={() => commit(topics.filter((one) => one !== topic))}
          >
            <Glyph name="close" size={11} />
          </button>
        </span>
      ))}
      <Combobox
        key={topics.length}
        {...ids}
        {...texts}
        value=""
        load={load}
        placeholder={topics.length === 0 ? 'Choose or type a topic' : 'Add another topic'}
        onCommit={(typed) => commit([...topics, ...namesIn(typed)])}
      />
    </div>
  );
}

async function loadTopics(client: StudioClient, connection: ConnectionRef | undefined): Promise<readonly Option[]> {
  const topics = await client.call('topics.list', connection === undefined ? {} : { connection });
  return topics
    .filter((topic) => !topic.isInternal)
    .map(({ name, partitions }) => ({
      value: name,
      label: name,
      hint: `${partitions.length} ${partitions.length === 1 ? 'partition' : 'partitions'}`,
    }));
}

function listOf(value: JsonValue | undefined): readonly string[] {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  return typeof value === 'string' ? namesIn(value) : [];
}

function namesIn(text: string): readonly string[] {
  return text
    .split(/[;,\s]+/)
    .map((name) => name.trim())
    .filter(Boolean);
}
