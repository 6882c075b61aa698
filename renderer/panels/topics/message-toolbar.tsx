import { IconButton } from '../../kit/button.tsx';
import { CheckLine } from '../../kit/check-line.tsx';
import { NumberInput } from '../../kit/number-input.tsx';
import { Select } from '../../kit/select.tsx';
import type { MessageFilter } from '../../store/browse-place.ts';
import type { ReadFrom } from './use-messages.ts';

/** The filter as the studio takes it. */
export function readFromOf({ at, offset, timestampMs }: MessageFilter): ReadFrom {
  if (at === 'offset') return { at, offset };
  return at === 'time' ? { at, timestampMs } : { at };
}

interface MessageToolbarProps {
  readonly filter: MessageFilter;
  readonly onFilter: (filter: MessageFilter) => void;
  readonly isLive: boolean;
  readonly onLive: (isLive: boolean) => void;
  readonly partitionCount: number;
  readonly onRefresh: () => void;
}

const places = [
  { value: 'newest', label: 'Newest' },
  { value: 'oldest', label: 'Oldest' },
  { value: 'offset', label: 'From offset' },
  { value: 'time', label: 'From time' },
] as const;
const allPartitions = 'all';
const limits = [50, 100, 250, 500, 1_000].map((limit) => ({ value: String(limit), label: `${limit} messages` }));

/** Chooses what the table shows. */
export function MessageToolbar(props: MessageToolbarProps) {
  const { filter, onFilter, isLive, onLive, partitionCount, onRefresh } = props;
  const change = (part: Partial<MessageFilter>) => onFilter({ ...filter, ...part });
  const partitions = [
    { value: allPartitions, label: 'All partitions' },
    ...Array.from({ length: partitionCount }, (_, index) => ({ value: String(index), label: `Partition ${index}` })),
  ];
  return (
    <div className="message-toolbar">
      <Select
        aria-label="Where to read"
        data-testid="message-from"
        value={isLive ? 'newest' : filter.at}
        options={places}
        disabled={isLive}
        onCommit={(value) => change(startOf(value as MessageFilter['at'], filter))}
      />
      {filter.at === 'offset' && !isLive ? (
        <NumberInput
          aria-label="Offset"
          value={filter.offset}
          min={0}
          onCommit={(offset) => typeof offset === 'number' && change({ offset: Math.max(0, Math.floor(offset)) })}
        />
      ) : null}
      {filter.at === 'time' && !isLive ? (
        <input
          className="input time-input"
          type="datetime-local"
          step={1}
          aria-label="Time, in the time of this machine"
          value={localTime(filter.timestampMs)}
          onChange={(event) => {
            const timestampMs = new Date(event.target.value).getTime();
            if (Number.isFinite(timestampMs)) change({ timestampMs });
          }}
        />
      ) : null}
      <Select
        aria-label="Partition"
        value={filter.partition === undefined ? allPartitions : String(filter.partition)}
        options={partitions}
        onCommit={(value) => change({ partition: value === allPartitions ? undefined : Number(value) })}
      />
      <Select
        aria-label="How many"
        disabled={isLive}
        value={String(filter.limit)}
        options={limits}
        onCommit={(value) => change({ limit: Number(value) })}
      />
      <IconButton glyph="refresh" label="Read again" onClick={onRefresh} />
      <span className="toolbar-gap" />
      <CheckLine look="switch" label="Live" checked={isLive} onCommit={onLive} testId="live-tail-toggle" />
    </div>
  );
}

/** How far back "From time" begins. */
const timeBackMs = 3_600_000;

function startOf(at: MessageFilter['at'], { timestampMs }: MessageFilter): Partial<MessageFilter> {
  return at === 'time' && timestampMs === 0 ? { at, timestampMs: Date.now() - timeBackMs } : { at };
}

/** What an input of type datetime-local takes: local time without a zone. */
function localTime(atMs: number): string {
  const date = new Date(atMs);
  const shifted = new Date(atMs - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}
