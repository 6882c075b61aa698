import type { ActivityCatalog } from './activity-catalog.ts';
import { constructOf } from './activity-catalog.ts';
import type { Activity, Process, ProcessId } from './document.ts';
import type { FieldTypes } from './field-types.ts';
import { fieldTypesOf } from './field-types.ts';

/** Processes that a call may name, with what tells which can be called. */
export interface Callable {
  readonly processes: Readonly<Record<ProcessId, Process>>;
  readonly catalog: ActivityCatalog;
}

/** The Start of a process; undefined for one that an event begins. */
export function startOf(process: Process, catalog: ActivityCatalog): Activity | undefined {
  return Object.values(process.activities).find(({ type }) => constructOf(catalog.get(type)) === 'start');
}

/** Whether a process is one that is called: it begins with a Start. */
export function isSubprocess(process: Process, catalog: ActivityCatalog): boolean {
  return startOf(process, catalog) !== undefined;
}

/** The process that a call names in its settings; undefined when it is none that can be called. */
export function calledProcess({ config }: Activity, { processes, catalog }: Callable): Process | undefined {
  const { process: id } = config;
  const found = typeof id === 'string' && Object.hasOwn(processes, id) ? processes[id] : undefined;
  return found && isSubprocess(found, catalog) ? found : undefined;
}

/** What goes into a process that is called and what comes out, as its Start declares it. */
export function signatureOf(process: Process, catalog: ActivityCatalog): { input: FieldTypes; output: FieldTypes } {
  const { input, output } = startOf(process, catalog)?.config ?? {};
  return { input: fieldTypesOf(input), output: fieldTypesOf(output) };
}
