import { suggest } from '../../../engine/base/suggest.ts';
import { Glyph } from '../../kit/glyph.tsx';

interface TopicWarningProps {
  readonly name: string;
  /** Topics that there are. */
  readonly known: readonly string[];
  /** The cluster is the bundled one, on which a process makes the topics that it misses. */
  readonly isBundled: boolean;
  readonly onReplace: (name: string) => void;
  readonly onCreate: () => void;
}

/** Says that a topic is not in the cluster, what comes of it, and offers what can be done. */
export function TopicWarning({ name, known, isBundled, onReplace, onCreate }: TopicWarningProps) {
  const near = suggest(name, known);
  const consequence = isBundled
    ? 'the bundled cluster makes it with its default partitions when the process starts.'
    : 'the process does not start without it.';
  return (
    <div className="topic-warning field-message is-warning" role="status" data-testid={`topic-warning-${name}`}>
      <Glyph name="warning" size={13} />
      <div>
        <b>{name}</b> is not in the cluster: {consequence}
        <span className="topic-remedies">
          {near === undefined ? null : (
            <span>
              Did you mean{' '}
              <button type="button" className="text-link" onClick={() => onReplace(near)}>
                {near}
              </button>
              ?
            </span>
          )}
          <button type="button" className="text-link" onClick={onCreate}>
            Create topic…
          </button>
        </span>
      </div>
    </div>
  );
}
