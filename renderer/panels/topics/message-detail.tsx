import type { ReactNode } from 'react';
import { useMemo, useState } from 'react';
import type { ConnectionRef, Decoded, Message } from '../../../engine/studio/contract.ts';
import { Badge } from '../../kit/badge.tsx';
import { Button, IconButton } from '../../kit/button.tsx';
import { formatBytes, formatCount } from '../../kit/format-number.ts';
import { formatTimeWithZone } from '../../kit/format-time.ts';
import { Glyph } from '../../kit/glyph.tsx';
import { LongText } from '../../kit/long-text.tsx';
import { prettyJsonText } from '../../kit/pretty-json.ts';
import { Select } from '../../kit/select.tsx';
import type { ByteView } from './byte-views.ts';
import { byteViews, viewOf } from './byte-views.ts';
import { CopyButton } from './copy-button.tsx';
import { DownloadButton } from './download-button.tsx';
import { useWholeMessage } from './use-whole-message.ts';

interface MessageDetailProps {
  readonly message: Message;
  readonly connection: ConnectionRef | undefined;
  readonly onClose: () => void;
}

/** One message in full: where it is, its key, headers and value. A long value is read whole only when somebody asks for it. */
export function MessageDetail({ message: preview, connection, onClose }: MessageDetailProps) {
  const { message, failure, isReading, readWhole } = useWholeMessage(preview, connection);
  const { topic, partition, offset, timestampMs, key, value, headers } = message;
  const copyMessage = async () => JSON.stringify(plainMessage(await readWhole()), null, 2);
  return (
    <aside
      className="message-detail nokey"
      aria-label={`Message ${partition} @ ${offset}`}
      data-testid="message-detail"
    >
      <header className="detail-head">
        <h3>
          {topic}[{partition}] @ {formatCount(offset)}
        </h3>
        <CopyButton read={copyMessage} label="Copy the message as JSON" />
        <IconButton glyph="close" label="Close" tooltipSide="left" onClick={onClose} />
      </header>
      <div className="detail-body">
        <dl className="detail-facts">
          <dt>Time</dt>
          <dd>{formatTimeWithZone(timestampMs)}</dd>
          <dt>Size</dt>
          <dd>
            key {formatBytes(key.sizeBytes)}, value {formatBytes(value.sizeBytes)}
          </dd>
        </dl>
        {failure === undefined ? null : (
          <p className="field-message is-danger" role="alert">
            The value is shown cut short: {failure}
          </p>
        )}
        <DecodedBlock title="Key" decoded={key} read={async () => (await readWhole()).key} />
        <section className="detail-block">
          <div className="detail-block-head">
            <h4>Headers</h4>
            <Badge>{headers.length}</Badge>
          </div>
          {headers.length === 0 ? <p className="detail-none">None</p> : <HeaderTable headers={headers} />}
        </section>
        <DecodedBlock
          title="Value"
          decoded={value}
          read={async () => (await readWhole()).value}
          more={
            value.truncated ? (
              <Button
                look="quiet"
                disabled={isReading}
                data-testid="read-whole"
                onClick={() => void readWhole().catch(() => undefined)}
              >
                {isReading ? 'Reading…' : `Read all ${formatBytes(value.sizeBytes)}`}
              </Button>
            ) : undefined
          }
        />
        <DownloadButton
          fileName={`${topic}-${partition}-${offset}`}
          read={async () => (await readWhole()).value}
          isOffered={value.format !== 'null'}
        />
      </div>
    </aside>
  );
}

function HeaderTable({ headers }: { readonly headers: Message['headers'] }) {
  return (
    <table className="header-table">
      <tbody>
        {headers.map(({ key, value }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: headers may repeat, and their order is part of the message
          <tr key={index}>
            <th>{key}</th>
            <td>
              {value.format === 'null' ? <i>null</i> : value.text}
              {value.format === 'bytes' ? <Badge>base64</Badge> : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface DecodedBlockProps {
  readonly title: string;
  readonly decoded: Decoded;
  /** The same, whole. */
  readonly read: () => Promise<Decoded>;
  readonly more?: ReactNode;
}

function DecodedBlock({ title, decoded, read, more }: DecodedBlockProps) {
  const { format, text, sizeBytes, truncated, reason } = decoded;
  const [view, setView] = useState<ByteView>('auto');
  const viewed = useMemo(() => viewOf(decoded, view), [decoded, view]);
  return (
    <section className="detail-block">
      <div className="detail-block-head">
        <h4>{title}</h4>
        <Badge>{format === 'bytes' ? 'bytes, as base64' : format}</Badge>
        {truncated ? <Badge tone="warning">first part of {formatBytes(sizeBytes)}</Badge> : null}
        <span className="toolbar-gap" />
        {format === 'null' ? null : (
          <Select
            aria-label={`How the ${title.toLowerCase()} is shown`}
            value={view}
            options={byteViews}
            onCommit={(next) => setView(next as ByteView)}
          />
        )}
        {format === 'null' ? null : (
          <CopyButton read={async () => (await read()).text} label={`Copy the ${title.toLowerCase()} as it was sent`} />
        )}
      </div>
      {reason === null ? null : (
        <p className="detail-reason">
          <Glyph name="info" size={13} /> {reason}
        </p>
      )}
      {format === 'null' ? (
        <p className="detail-none">
          {title === 'Value' ? 'null: a tombstone, which deletes the key in a compacted topic' : 'null'}
        </p>
      ) : (
        <LongText
          text={viewed ?? text}
          format={view === 'hex' ? 'lines' : viewed === undefined && format === 'json' ? 'json' : 'plain'}
          label={title}
          more={more}
        />
      )}
    </section>
  );
}

/** The message as plain data for the clipboard; JSON values stay text, so that no digit changes. */
function plainMessage({ topic, partition, offset, timestampMs, key, value, headers }: Message): unknown {
  const plain = ({ format, text }: Decoded) =>
    format === 'null' ? null : format === 'bytes' ? { base64: text } : format === 'json' ? prettyJsonText(text) : text;
  return {
    topic,
    partition,
    offset,
    timestamp: new Date(Math.max(0, timestampMs)).toISOString(),
    key: plain(key),
    value: plain(value),
    headers: headers.map((header) => ({ key: header.key, value: plain(header.value) })),
  };
}
