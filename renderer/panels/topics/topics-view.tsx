import '../detail.css';
import './topics.css';
import { useMemo, useState } from 'react';
import type { ConnectionRef } from '../../../engine/studio/contract.ts';
import { Button } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import type { Option } from '../../kit/select.tsx';
import { SplitPane } from '../../kit/split-pane.tsx';
import { emptyBrowse } from '../../store/browse-place.ts';
import { useStudio } from '../../store/use-studio.ts';
import { CreateTopicDialog } from './create-topic-dialog.tsx';
import { TopicList } from './topic-list.tsx';
import { TopicPage } from './topic-page.tsx';
import { useTopicList } from './use-topic-list.ts';

/** The topic browser: topics of a cluster on the left, messages of the chosen one on the right. */
export function TopicsView() {
  const connectionId = useStudio((state) => state.browse.connection);
  const show = useStudio((state) => state.show);
  const { connection, choices, isKnown } = useConnections(connectionId);
  // Another cluster's topics under the name of the one that was asked for would be believed.
  if (!isKnown) return <NoConnection id={connectionId} onBundled={() => show({ browse: emptyBrowse })} />;
  return <TopicsOf connection={connection} choices={choices} />;
}

interface TopicsOfProps {
  readonly connection: ConnectionRef | undefined;
  readonly choices: readonly Option[];
}

/** The topics of one cluster. */
function TopicsOf({ connection, choices }: TopicsOfProps) {
  const { browse, show } = useStudio((state) => ({ browse: state.browse, show: state.show }));
  const { connection: connectionId, topic: selected } = browse;
  const setSelected = (topic: string | null) => {
    if (topic !== selected) show({ browse: { ...emptyBrowse, connection: connectionId, topic } });
  };
  const setConnectionId = (id: string) => show({ browse: { ...emptyBrowse, connection: id } });
  const [isCreating, setCreating] = useState(false);
  const list = useTopicList(connection);
  const topic = list.topics?.find(({ name }) => name === selected);
  return (
    <>
      <SplitPane
        id="topics"
        direction="row"
        sized="first"
        initial={320}
        min={220}
        max={560}
        label="Width of the list of topics"
        first={
          <TopicList
            list={list}
            selected={selected}
            onSelect={setSelected}
            connectionId={connectionId}
            connections={choices}
            onConnection={setConnectionId}
            onCreate={() => setCreating(true)}
          />
        }
        second={
          topic === undefined ? (
            <NoTopic
              hasTopics={list.topics !== undefined && list.topics.length > 0}
              missing={list.topics && selected}
            />
          ) : (
            <TopicPage
              key={topic.name}
              topic={topic}
              connection={connection}
              onDeleted={() => setSelected(null)}
              refresh={list.refresh}
            />
          )
        }
      />
      {isCreating ? (
        <CreateTopicDialog
          connection={connection}
          onClose={() => setCreating(false)}
          onCreated={(name) => {
            list.refresh();
            setSelected(name);
            setCreating(false);
          }}
        />
      ) : null}
    </>
  );
}

interface NoTopicProps {
  readonly hasTopics: boolean;
  /** The topic that was chosen and is not there any more. */
  readonly missing: string | null | undefined;
}

function NoTopic({ hasTopics, missing }: NoTopicProps) {
  if (missing)
    return (
      <EmptyState
        glyph="topics"
        title={`There is no topic "${missing}"`}
        hint="It was deleted, or belongs to another cluster."
      />
    );
  return (
    <EmptyState
      glyph="topics"
      title={hasTopics ? 'Choose a topic' : 'Nothing to browse yet'}
      hint={
        hasTopics
          ? 'Its messages are shown here, the newest first.'
          : 'Topics appear here as soon as the cluster has one.'
      }
    />
  );
}

function NoConnection({ id, onBundled }: { readonly id: string; readonly onBundled: () => void }) {
  return (
    <EmptyState
      glyph="topics"
      title={`There is no Kafka Connection "${id}" to a cluster of its own`}
      hint="It was deleted from the project, has another id now, or uses the bundled cluster."
    >
      <Button onClick={onBundled}>Show the bundled cluster</Button>
    </EmptyState>
  );
}

/** The bundled cluster and the project's Kafka Connections, with their settings as they are in the window, saved or not. */
function useConnections(id: string) {
  const resources = useStudio((state) => state.project?.resources);
  return useMemo(() => {
    const connections = Object.values(resources ?? {}).filter(({ type }) => type === 'kafka.connection');
    const others = connections.filter(({ config }) => config.cluster === 'servers');
    const chosen = others.find((resource) => resource.id === id);
    const connection: ConnectionRef | undefined = chosen && {
      name: chosen.name,
      config: chosen.config as Record<string, never>,
    };
    const choices = [
      { value: '', label: 'Bundled cluster' },
      ...others.map((resource) => ({ value: resource.id, label: resource.name })),
    ];
    // Before a project is open nothing is known of its connections.
    return { connection, choices, isKnown: id === '' || chosen !== undefined || resources === undefined };
  }, [resources, id]);
}
