import { useState } from 'react';
import type { TopicSummary } from '../../../engine/studio/contract.ts';
import { Badge } from '../../kit/badge.tsx';
import { Button, IconButton } from '../../kit/button.tsx';
import { CheckLine } from '../../kit/check-line.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { countOf, formatCount } from '../../kit/format-number.ts';
import { Glyph } from '../../kit/glyph.tsx';
import { MiddleCut } from '../../kit/middle-cut.tsx';
import type { Option } from '../../kit/select.tsx';
import { Select } from '../../kit/select.tsx';
import { useStored } from '../../kit/use-stored.ts';
import { VirtualList } from '../../kit/virtual-list.tsx';
import { replicaHealth } from './replica-health.ts';
import { sizeOnDisk } from './size-on-disk.ts';
import type { TopicOrder } from './topic-order.ts';
import { orderTopics, topicOrders } from './topic-order.ts';
import type { TopicListState } from './use-topic-list.ts';

interface TopicListProps {
  readonly list: TopicListState;
  readonly selected: string | null;
  readonly onSelect: (name: string) => void;
  readonly connectionId: string;
  readonly connections: readonly Option[];
  readonly onConnection: (id: string) => void;
  readonly onCreate: () => void;
}

/** The topics of a cluster, with a filter. */
export function TopicList(props: TopicListProps) {
  const { list, selected, onSelect, onCreate } = props;
  const [filter, setFilter] = useState('');
  const [showInternal, setShowInternal] = useStored('topics.internal', false);
  const wanted = filter.trim().toLowerCase();
  const all = list.topics ?? [];
  const [order, setOrder] = useStored<TopicOrder>('topics.order', 'name');
  const shown = orderTopics(
    all.filter(({ name, isInternal }) => (showInternal || !isInternal) && name.toLowerCase().includes(wanted)),
    order,
  );
  return (
    <section className="topic-side" aria-label="Topics">
      <TopicTools
        {...props}
        filter={filter}
        onFilter={setFilter}
        order={order}
        onOrder={setOrder}
        showInternal={showInternal}
        onShowInternal={setShowInternal}
      />
      {list.failure === undefined ? null : (
        <TopicsFailure text={list.failure} remedy={list.remedy} retry={list.refresh} />
      )}
      {list.topics === undefined ? (
        list.failure === undefined ? (
          <p className="topic-note">Asking the cluster for its topics…</p>
        ) : null
      ) : shown.length === 0 ? (
        <NoTopics total={all.length} wanted={wanted} onCreate={onCreate} />
      ) : (
        <VirtualList
          label="Topics"
          items={shown}
          keyOf={({ name }) => name}
          rowHeight={44}
          selectedKey={selected ?? undefined}
          onSelect={({ name }) => onSelect(name)}
          testIdOf={({ name }) => `topic-row-${name}`}
          renderRow={(topic) => <TopicRow topic={topic} />}
        />
      )}
    </section>
  );
}

interface TopicToolsProps extends TopicListProps {
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly order: TopicOrder;
  readonly onOrder: (order: TopicOrder) => void;
  readonly showInternal: boolean;
  readonly onShowInternal: (show: boolean) => void;
}

function TopicTools(props: TopicToolsProps) {
  const { connections, connectionId, onConnection, onCreate } = props;
  const { filter, onFilter, order, onOrder, showInternal, onShowInternal } = props;
  return (
    <div className="topic-side-tools">
      {connections.length > 1 ? (
        <Select aria-label="Cluster" value={connectionId} options={connections} onCommit={onConnection} />
      ) : null}
      <span className="topic-search-row">
        <span className="topic-search">
          <Glyph name="search" size={14} />
          <input
            className="input"
            type="search"
            aria-label="Filter topics"
            placeholder="Filter topics"
            value={filter}
            onChange={(event) => onFilter(event.target.value)}
          />
        </span>
        <IconButton glyph="plus" label="New topic…" tooltipSide="left" onClick={onCreate} data-testid="create-topic" />
      </span>
      <div className="topic-side-row">
        <Select
          aria-label="Order of topics"
          value={order}
          options={topicOrders}
          onCommit={(value) => onOrder(value as TopicOrder)}
        />
        <CheckLine label="Internal" checked={showInternal} onCommit={onShowInternal} />
      </div>
    </div>
  );
}

function TopicRow({ topic }: { readonly topic: TopicSummary }) {
  const { name, partitions, messageCount, sizeBytes, isInternal } = topic;
  const health = replicaHealth(topic);
  return (
    <span className="topic-row">
      <span className="topic-row-name">
        <MiddleCut text={name} />
        {isInternal ? <Badge>internal</Badge> : null}
        {health.problem === undefined ? null : (
          <span title={health.explanation}>
            <Badge tone={health.problem === 'offline' ? 'danger' : 'warning'}>{health.label}</Badge>
          </span>
        )}
      </span>
      <span className="topic-row-facts">
        <span>{countOf(partitions.length, 'partition')}</span>
        <span>{messageCount === null ? 'unknown number of messages' : countOf(messageCount, 'message')}</span>
        {sizeBytes === null ? null : (
          <span title={`${formatCount(sizeBytes)} bytes on the disks of all replicas together`}>
            {sizeOnDisk(topic)}
          </span>
        )}
      </span>
    </span>
  );
}

interface TopicsFailureProps {
  readonly text: string;
  readonly remedy: string | undefined;
  readonly retry: () => void;
}

function TopicsFailure({ text, remedy, retry }: TopicsFailureProps) {
  return (
    <div className="topic-failure" role="alert">
      <Glyph name="error" size={14} />
      <span>
        {remedy === undefined ? null : <b>{remedy} </b>}
        {text}
      </span>
      <IconButton glyph="refresh" label="Try again" tooltipSide="left" onClick={retry} />
    </div>
  );
}

function NoTopics({
  total,
  wanted,
  onCreate,
}: {
  readonly total: number;
  readonly wanted: string;
  readonly onCreate: () => void;
}) {
  if (wanted !== '')
    return <EmptyState glyph="search" title="No topic matches" hint={`No topic has "${wanted}" in its name.`} />;
  return (
    <EmptyState
      glyph="topics"
      title="No topics yet"
      hint={
        total > 0
          ? 'The cluster has only internal topics.'
          : 'A process that sends creates none by itself: make the first one here.'
      }
    >
      <Button glyph="plus" onClick={onCreate}>
        New topic
      </Button>
    </EmptyState>
  );
}
