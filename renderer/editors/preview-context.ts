import type { DeclaredInput } from '../../engine/model/activity-catalog.ts';
import type { ActivityId, Process } from '../../engine/model/document.ts';
import { topologicalOrder, upstreamOf } from '../../engine/model/graph.ts';
import { givesItsInput } from '../../engine/model/ports.ts';
import type { Palette } from '../edits/palette.ts';
import type { EvaluatePreview, PreviewContext } from './evaluate-preview.ts';

interface PreviewPlace {
  readonly process: Process;
  readonly activity: ActivityId;
  readonly palette: Palette;
  /** Also what the activity itself gives: for the conditions of its transitions. */
  readonly withOwnOutput: boolean;
  readonly reads?: DeclaredInput['reads'];
}

/**
 * The sample data with the outputs of mappers made anew from their expressions as they are now, so that a preview follows an
 * edit further up without a run.
 */
export async function refreshMappers(
  sample: PreviewContext,
  place: PreviewPlace,
  evaluate: EvaluatePreview,
): Promise<PreviewContext> {
  const { process, activity, palette, withOwnOutput, reads } = place;
  const wanted = new Set(upstreamOf(process, activity, palette, reads));
  if (withOwnOutput) wanted.add(activity);
  // A new object for each step: the worker is sent one only once.
  let context: PreviewContext = { ...sample };
  for (const id of topologicalOrder(process)) {
    const mapper = process.activities[id];
    if (!wanted.has(id) || mapper === undefined || !givesItsInput(palette.get(mapper.type))) continue;
    context = { ...context, [id]: await outputOf(mapper.input, context, sample[id], evaluate) };
  }
  return context;
}

/** What a mapper gives; the sample's own output where nothing could be evaluated. */
async function outputOf(
  input: Readonly<Record<string, string>>,
  context: PreviewContext,
  fallback: unknown,
  evaluate: EvaluatePreview,
): Promise<unknown> {
  const output: Record<string, unknown> = {};
  for (const [field, text] of Object.entries(input)) {
    const result = await evaluate(text, context);
    if (result.kind === 'value') output[field] = result.value;
  }
  return Object.keys(output).length === 0 ? fallback : output;
}
