import { useMemo } from 'react';
import type { DeclaredInput } from '../../engine/model/activity-catalog.ts';
import type { Activity, Process } from '../../engine/model/document.ts';
import { portsOf } from '../../engine/model/ports.ts';
import { useStudio } from '../store/use-studio.ts';

/** The input fields that an activity has with its settings as they are. */
export function useInputFields(process: Process, activity: Activity): Readonly<Record<string, DeclaredInput>> {
  const { palette, schemas } = useStudio((state) => ({ palette: state.palette, schemas: state.project?.schemas }));
  return useMemo(
    () => portsOf(activity, { process, catalog: palette, schemas: schemas ?? {} })?.input ?? {},
    [process, activity, palette, schemas],
  );
}
