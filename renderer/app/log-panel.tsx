import '../panels/detail.css';
import { useState } from 'react';
import type { Tone } from '../kit/badge.tsx';
import { Badge } from '../kit/badge.tsx';
import { Button, IconButton } from '../kit/button.tsx';
import { EmptyState } from '../kit/empty-state.tsx';
import { formatCount } from '../kit/format-number.ts';
import { Glyph } from '../kit/glyph.tsx';
import { SplitPane } from '../kit/split-pane.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { VirtualList } from '../kit/virtual-list.tsx';
import { CopyButton } from '../panels/topics/copy-button.tsx';
import type { LogLine } from '../store/live-slice.ts';
import { useStudio } from '../store/use-studio.ts';
import type { LogFilter } from './filter-log.ts';
import { countLevels, filterLog, textOfField } from './filter-log.ts';

/** What the run logged, newest first: by level, searched, and one line whole. */
export function LogPanel() {
  const log = useStudio((state) => state.log);
  const [filter, setFilter] = useState<LogFilter>({ level: 'all', query: '' });
  const [selected, setSelected] = useState<number>();
  if (log.length === 0) return <NothingLogged />;
  const lines = filterLog(log, filter).toReversed();
  const line = log.find(({ id }) => id === selected);
  return (
    <SplitPane
      id="log"
      direction="row"
      sized="second"
      initial={340}
      min={240}
      max={1_200}
      label="Width of the line"
      collapsed={line === undefined}
      first={
        <section className="log-panel" aria-label="Log">
          <LogTools log={log} filter={filter} onFilter={setFilter} />
          {lines.length === 0 ? (
            <EmptyState glyph="search" title="No line matches" hint="Choose All, or search for something else." />
          ) : (
            <VirtualList
              label="Log"
              testId="log-list"
              items={lines}
              keyOf={({ id }) => String(id)}
              rowHeight={24}
              selectedKey={selected === undefined ? undefined : String(selected)}
              onSelect={({ id }) => setSelected(id)}
              renderRow={(each) => <LogRow line={each} />}
            />
          )}
        </section>
      }
      second={line === undefined ? null : <LogDetail line={line} onClose={() => setSelected(undefined)} />}
    />
  );
}

function NothingLogged() {
  const hint = 'Lines of Log activities and of the engine are shown here while a process runs.';
  return <EmptyState glyph="log" title="Nothing logged" hint={hint} />;
}

interface LogToolsProps {
  readonly log: readonly LogLine[];
  readonly filter: LogFilter;
  readonly onFilter: (filter: LogFilter) => void;
}

function LogTools({ log, filter, onFilter }: LogToolsProps) {
  const clearLog = useStudio((state) => state.clearLog);
  const counts = countLevels(log);
  return (
    <div className="log-tools">
      <Tabs
        label="Lines to show"
        look="segment"
        items={[
          { id: 'all', label: 'All' },
          { id: 'warn', label: 'Warnings', mark: <Mark count={counts.warn} tone="warning" />, testId: 'log-warnings' },
          { id: 'error', label: 'Errors', mark: <Mark count={counts.error} tone="danger" />, testId: 'log-errors' },
        ]}
        selected={filter.level}
        onSelect={(level) => onFilter({ ...filter, level })}
      />
      <span className="log-search">
        <Glyph name="search" size={14} />
        <input
          type="search"
          className="input"
          aria-label="Search the log"
          placeholder="Search"
          data-testid="log-search"
          value={filter.query}
          onChange={(event) => onFilter({ ...filter, query: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || filter.query === '') return;
            event.stopPropagation();
            onFilter({ ...filter, query: '' });
          }}
        />
      </span>
      <Button look="quiet" glyph="trash" onClick={clearLog}>
        Clear
      </Button>
    </div>
  );
}

function Mark({ count, tone }: { readonly count: number; readonly tone: Tone }) {
  return count === 0 ? null : <Badge tone={tone}>{formatCount(count)}</Badge>;
}

function LogRow({ line }: { readonly line: LogLine }) {
  const fields = Object.entries(line.fields);
  return (
    <span className={`log-row log-${line.level}`}>
      <time>{clockTime(line.atMs)}</time>
      <b>{line.level}</b>
      <span className="log-message">{line.message}</span>
      {fields.length === 0 ? null : (
        <code>{fields.map(([name, value]) => `${name}=${textOfField(value)}`).join(' ')}</code>
      )}
    </span>
  );
}

/** One line whole. */
function LogDetail({ line, onClose }: { readonly line: LogLine; readonly onClose: () => void }) {
  const { atMs, level, message, fields } = line;
  const entries = Object.entries(fields);
  const text = [`${new Date(atMs).toISOString()} ${level} ${message}`]
    .concat(entries.map(([name, value]) => `${name}: ${textOfField(value)}`))
    .join('\n');
  return (
    <section className="log-detail" aria-label="Line of the log" data-testid="log-detail">
      <header className="detail-head">
        <h3>
          {clockTime(atMs)} <span className={`log-level log-${level}`}>{level}</span>
        </h3>
        <CopyButton label="Copy the line" read={async () => text} />
        <IconButton glyph="close" label="Close the line" tooltipSide="left" onClick={onClose} />
      </header>
      <div className="detail-body">
        <p className="log-whole">{message}</p>
        {entries.length === 0 ? null : (
          <dl className="log-fields">
            {entries.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{typeof value === 'object' ? JSON.stringify(value, null, 2) : textOfField(value)}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </section>
  );
}

const timeFormat = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** Local time of day with milliseconds. */
function clockTime(atMs: number): string {
  return `${timeFormat.format(atMs)}.${String(Math.floor(atMs % 1000)).padStart(3, '0')}`;
}
