import './editors.css';
import { useMemo } from 'react';
import type { Activity, Process } from '../../engine/model/document.ts';
import { DataTree } from './data-tree.tsx';
import { SampleBar } from './sample-bar.tsx';
import { usePreview } from './use-preview.ts';

interface TypeTreeProps {
  readonly process: Process;
  readonly activity: Activity;
}

/** The shape of an activity's output, with the sample's values where there are some. */
export function TypeTree({ process, activity }: TypeTreeProps) {
  const next = process.transitions.find((wire) => wire.from === activity.id)?.to;
  const preview = usePreview({ process, activity: activity.id, sampleOf: next ?? activity.id, withOwnOutput: true });
  const own = useMemo(() => {
    const { scope } = preview;
    const type = scope.type === 'object' ? scope.properties[activity.id] : undefined;
    return {
      ...preview,
      scope: { type: 'object' as const, properties: type === undefined ? {} : { [activity.id]: type } },
    };
  }, [preview, activity.id]);
  return (
    <div className="condition-data">
      <SampleBar preview={preview} />
      <DataTree preview={own} onPick={(path) => void navigator.clipboard?.writeText(path)} />
    </div>
  );
}
