import { useEffect, useMemo, useState } from 'react';
import { messageOf } from '../../engine/base/errors.ts';
import { jobDataType } from '../../engine/expressions/job-data-type.ts';
import type { DeclaredInput } from '../../engine/model/activity-catalog.ts';
import type { ActivityId, Process } from '../../engine/model/document.ts';
import { writeProject } from '../../engine/model/project-files.ts';
import type { ValueType } from '../../engine/model/value-type.ts';
import { anyType } from '../../engine/model/value-type.ts';
import { useStudio, useStudioStore } from '../store/use-studio.ts';
import type { PreviewContext } from './evaluate-preview.ts';
import { refreshMappers } from './preview-context.ts';
import { previewInWorker } from './preview-in-worker.ts';
import { enrichType } from './value-types.ts';

/** The sample data behind a form with expressions. */
export interface Preview {
  readonly context: PreviewContext;
  /** Where the data is from: `quakes[2] @ 1041`; null when there is none yet. */
  readonly source: string | null;
  /** Why there is none, or what newer data was passed over. */
  readonly reason: string | null;
  readonly isLoading: boolean;
  /** Newer data was asked for and has not come yet. */
  readonly isRefreshing: boolean;
  readonly refresh: () => void;
  /** The shape of the data: what was declared, with what the sample shows. */
  readonly scope: ValueType;
}

interface Sample {
  readonly context: PreviewContext;
  readonly source: string | null;
  readonly reason: string | null;
  /** The request that it answers. */
  readonly round: number;
}

/** Where expressions stand. */
interface PreviewPlace {
  readonly process: Process;
  readonly activity: ActivityId;
  /** The activity that the studio is asked for: the one after the transition, for a condition. */
  readonly sampleOf?: ActivityId;
  readonly withOwnOutput?: boolean;
  /** Of an expression that a construct evaluates at a time of its own. */
  readonly reads?: DeclaredInput['reads'];
}

const noSample: Sample = { context: {}, source: null, reason: null, round: 0 };

/** Sample data and its shape for the expressions of an activity. Asks the studio when the form opens and when a run changed its state. */
export function usePreview({
  process,
  activity,
  sampleOf = activity,
  withOwnOutput = false,
  reads,
}: PreviewPlace): Preview {
  const palette = useStudio((state) => state.palette);
  const project = useStudio((state) => state.project);
  const [round, setRound] = useState(0);
  const sample = useSample(process.id, sampleOf, round, reads);
  const loaded = sample ?? noSample;
  const [context, setContext] = useState<PreviewContext>({});
  useEffect(() => {
    let stale = false;
    void refreshMappers(loaded.context, { process, activity, palette, withOwnOutput, reads }, previewInWorker).then(
      (made) => stale || setContext(made),
    );
    return () => {
      stale = true;
    };
  }, [loaded.context, process, activity, palette, withOwnOutput, reads]);
  const scope = useMemo(() => {
    if (project === null) return anyType;
    return enrichType(jobDataType(project, process, activity, { catalog: palette, withOwnOutput, reads }), context);
  }, [project, process, activity, palette, withOwnOutput, reads, context]);
  return {
    context,
    source: loaded.source,
    reason: loaded.reason,
    isLoading: sample === undefined,
    isRefreshing: sample !== undefined && sample.round !== round,
    refresh: () => setRound(round + 1),
    scope,
  };
}

/** undefined while the studio is being asked. */
function useSample(
  process: string,
  activity: ActivityId,
  round: number,
  reads: DeclaredInput['reads'],
): Sample | undefined {
  const store = useStudioStore();
  const runState = useStudio((state) => state.run.state);
  const [sample, setSample] = useState<Sample>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again by hand and when a run starts or ends
  useEffect(() => {
    const { client, project } = store.getState();
    if (project === null) return;
    let stale = false;
    const files = Object.fromEntries(writeProject(project));
    client.call('run.sample', { files, process, activity, ...(reads ? { reads } : {}) }).then(
      (found) => stale || setSample({ ...found, round }),
      (thrown: unknown) => stale || setSample({ context: {}, source: null, reason: messageOf(thrown), round }),
    );
    return () => {
      stale = true;
    };
  }, [store, process, activity, round, reads, runState]);
  return sample;
}
