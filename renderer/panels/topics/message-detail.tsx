import type { ReactNode } from 'react';
import { useMemo, useState } from 'react';
import type { ConnectionRef, Decoded, Message } from '../../../engine/studio/contract.ts';
import { Badge } from '../../kit/badge.tsx';
import { Button, IconButton } from '../../kit/button.tsx';
import { formatBytes, formatCount } from '../../kit/format-number.ts';
import { formatTimeWithZone } from '../../kit/format-time.ts';
import { Glyph } from '../../kit/glyph.tsx';
import { LongText } from '../../kit/long-text.tsx';
import { Select } from '../../kit/select.tsx';
import { useStudio } from '../../store/use-studio.ts';
import type { ByteView } from './byte-views.ts';
import { byteViews, viewOf } from './byte-views.ts';
import { CopyButton } from './copy-button.tsx';
import { DownloadButton } from './download-button.tsx';
import { plainMessage } from './plain-message.ts';
import { readBytes } from './read-bytes.ts';
import { isCut, useWholeMessage } from './use-whole-message.ts';

interface MessageDetailProps {
  readonly message: Message;
  readonly connection: ConnectionRef | undefined;
  readonly onClose: () => void;
}

/** One message in full: where it is, its key, headers and value. A long value is read whole only when somebody asks for it. */
export function MessageDetail({ message: preview, connection, onClose }: MessageDetailProps) {
  const { message, isWhole, failure, isReading, readWhole } = useWholeMessage(preview, connection);
  const client = useStudio((state) => state.client);
  const { topic, partition, offset, timestampMs, key, value } = message;
  const read = () => void readWhole().catch(() => undefined);
  const more = (size: number) =>
    isWhole ? null : (
      <Button look="quiet" disabled={isReading} data-testid="read-whole" onClick={read}>
        {isReading ? 'Reading…' : `Read all ${formatBytes(size)}`}
      </Button>
    );
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
        <CopyButton read={async () => copyText(await readWhole())} label="Copy the message as JSON" />
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
            The message is shown cut short: {failure}
          </p>
        )}
        <DecodedBlock
          title="Key"
          decoded={key}
          read={async () => (await readWhole()).key}
          more={key.truncated ? more(key.sizeBytes) : undefined}
        />
        <HeadersBlock message={message} isWhole={isWhole} isReading={isReading} onRead={read} />
        <DecodedBlock
          title="Value"
          decoded={value}
          read={async () => (await readWhole()).value}
          more={value.truncated ? more(value.sizeBytes) : undefined}
        />
        <DownloadButton
          fileName={`${topic}-${partition}-${offset}`}
          format={value.format}
          read={() => readBytes(client, connection, preview)}
        />
      </div>
    </aside>
  );
}

interface HeadersBlockProps {
  readonly message: Message;
  readonly isWhole: boolean;
  readonly isReading: boolean;
  readonly onRead: () => void;
}

/** The headers in order; what is cut or left out of a preview is said, and read when asked for. */
function HeadersBlock({ message: { headers, headerCount }, isWhole, isReading, onRead }: HeadersBlockProps) {
  const isCutShort = headers.length < headerCount || headers.some(({ value }) => value.truncated);
  return (
    <section className="detail-block">
      <div className="detail-block-head">
        <h4>Headers</h4>
        <Badge>{headerCount}</Badge>
        {headers.length < headerCount ? <Badge tone="warning">first {headers.length}</Badge> : null}
      </div>
      {headerCount === 0 ? <p className="detail-none">None</p> : <HeaderTable headers={headers} />}
      {isCutShort && !isWhole ? (
        <Button look="quiet" disabled={isReading} onClick={onRead} data-testid="read-headers">
          {isReading ? 'Reading…' : 'Read all headers'}
        </Button>
      ) : null}
    </section>
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
              {value.truncated ? <Badge tone="warning">first part of {formatBytes(value.sizeBytes)}</Badge> : null}
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
        {format === 'null' ? null : <BlockTools title={title} view={view} onView={setView} read={read} />}
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

interface BlockToolsProps extends Pick<DecodedBlockProps, 'title' | 'read'> {
  readonly view: ByteView;
  readonly onView: (view: ByteView) => void;
}

function BlockTools({ title, read, view, onView }: BlockToolsProps) {
  return (
    <>
      <Select
        aria-label={`How the ${title.toLowerCase()} is shown`}
        value={view}
        options={byteViews}
        onCommit={(next) => onView(next as ByteView)}
      />
      <CopyButton
        read={async () => wholeText(await read(), title)}
        label={`Copy the ${title.toLowerCase()} as it was sent`}
      />
    </>
  );
}

/** A part of a message as text for the clipboard; refuses what is not there to its end. */
function wholeText({ text, truncated, sizeBytes }: Decoded, title: string): string {
  if (truncated) throw tooLong(`${title.toLowerCase()} of ${formatBytes(sizeBytes)}`);
  return text;
}

/** The message as JSON for the clipboard; refuses one that is not there to its end. */
function copyText(message: Message): string {
  if (isCut(message)) throw tooLong('message');
  return JSON.stringify(plainMessage(message), null, 2);
}

function tooLong(what: string): Error {
  return new Error(`this ${what} is too long for the clipboard; download the value instead`);
}
