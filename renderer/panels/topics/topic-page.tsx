import { useState } from 'react';
import type { ConnectionRef, TopicSummary } from '../../../engine/studio/contract.ts';
import { Badge } from '../../kit/badge.tsx';
import { Button, IconButton } from '../../kit/button.tsx';
import { countOf } from '../../kit/format-number.ts';
import { Tabs } from '../../kit/tabs.tsx';
import { DeleteTopicDialog } from './delete-topic-dialog.tsx';
import { MessageBrowser } from './message-browser.tsx';
import { PartitionTable } from './partition-table.tsx';
import { ProduceDialog } from './produce-dialog.tsx';
import { replicaHealth } from './replica-health.ts';
import { sizeOnDisk } from './size-on-disk.ts';

interface TopicPageProps {
  readonly topic: TopicSummary;
  readonly connection: ConnectionRef | undefined;
  readonly onDeleted: () => void;
  /** Looks at the topics again. */
  readonly refresh: () => void;
}

/** One topic: its messages, its partitions, and what can be done with it. */
export function TopicPage({ topic, connection, onDeleted, refresh }: TopicPageProps) {
  const [tab, setTab] = useState<'messages' | 'partitions'>('messages');
  const [dialog, setDialog] = useState<'produce' | 'delete'>();
  /** Counts what was produced here, so that the messages are read again. */
  const [produced, setProduced] = useState(0);
  return (
    <section className="topic-page" aria-label={`Topic ${topic.name}`}>
      <TopicHead topic={topic} onProduce={() => setDialog('produce')} onDelete={() => setDialog('delete')} />
      <Tabs
        label="Parts of the topic"
        items={[
          { id: 'messages', label: 'Messages' },
          { id: 'partitions', label: 'Partitions', mark: <Badge>{topic.partitions.length}</Badge> },
        ]}
        selected={tab}
        onSelect={setTab}
      />
      {tab === 'messages' ? (
        <MessageBrowser
          topic={topic}
          connection={connection}
          round={produced}
          onProduce={() => setDialog('produce')}
          refreshTopic={refresh}
        />
      ) : (
        <PartitionTable partitions={topic.partitions} />
      )}
      {dialog === 'produce' ? (
        <ProduceDialog
          topic={topic}
          connection={connection}
          onClose={() => setDialog(undefined)}
          onProduced={() => {
            setProduced((before) => before + 1);
            refresh();
          }}
        />
      ) : null}
      {dialog === 'delete' ? (
        <DeleteTopicDialog
          topic={topic}
          connection={connection}
          onClose={() => setDialog(undefined)}
          onDeleted={() => {
            setDialog(undefined);
            onDeleted();
            refresh();
          }}
        />
      ) : null}
    </section>
  );
}

interface TopicHeadProps {
  readonly topic: TopicSummary;
  readonly onProduce: () => void;
  readonly onDelete: () => void;
}

function TopicHead({ topic, onProduce, onDelete }: TopicHeadProps) {
  const { name, partitions, messageCount, sizeBytes, isInternal } = topic;
  const health = replicaHealth(topic);
  return (
    <header className="topic-head">
      <div className="topic-title">
        <h2>{name}</h2>
        <p className="topic-facts">
          <span>{countOf(partitions.length, 'partition')}</span>
          <span>{countOf(partitions[0]?.replicas.length ?? 0, 'replica')}</span>
          {messageCount === null ? null : (
            <span title="End minus start of every partition: an upper bound where the topic is compacted or transactional">
              {countOf(messageCount, 'message')}
            </span>
          )}
          {sizeBytes === null ? null : <span>{sizeOnDisk(topic)}</span>}
          <span title={health.explanation}>
            <Badge
              tone={health.problem === undefined ? 'success' : health.problem === 'offline' ? 'danger' : 'warning'}
            >
              {health.label}
            </Badge>
          </span>
        </p>
      </div>
      <Button glyph="plus" onClick={onProduce} data-testid="produce-button" disabled={isInternal}>
        Produce
      </Button>
      <IconButton glyph="trash" label="Delete topic…" tooltipSide="left" onClick={onDelete} disabled={isInternal} />
    </header>
  );
}
