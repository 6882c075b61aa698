import { useMemo } from 'react';
import type { DeclaredInput } from '../../engine/model/activity-catalog.ts';
import type { Activity, Process } from '../../engine/model/document.ts';
import { hasOpenInput, portsOf } from '../../engine/model/ports.ts';
import { useStudio } from '../store/use-studio.ts';

/** The input of an activity with its settings as they are. */
export interface InputFields {
  readonly fields: Readonly<Record<string, DeclaredInput>>;
  /** The user adds fields of his own. */
  readonly isOpen: boolean;
}

/** The input fields that an activity has. */
export function useInputFields(process: Process, activity: Activity): InputFields {
  const { palette, schemas, processes } = useStudio((state) => ({
    palette: state.palette,
    schemas: state.project?.schemas,
    processes: state.project?.processes,
  }));
  return useMemo(() => {
    const sources = { process, catalog: palette, schemas: schemas ?? {}, ...(processes ? { processes } : {}) };
    const ports = portsOf(activity, sources);
    return { fields: ports?.input ?? {}, isOpen: hasOpenInput(ports, palette.get(activity.type)) };
  }, [process, activity, palette, schemas, processes]);
}
