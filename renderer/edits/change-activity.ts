import { renameActivity as renameActivityId } from '../../engine/expressions/rename-activity.ts';
import type { ActivityId, ProcessId } from '../../engine/model/document.ts';
import type { JsonValue } from '../../engine/model/json-value.ts';
import type { ActivityDeclaration } from '../../engine/spi/define-activity.ts';
import type { Edit } from './edit.ts';
import { inActivity, inProcess } from './in-process.ts';

/** Gives an activity another shown name. */
export function renameActivity(process: ProcessId, id: ActivityId, name: string): Edit {
  return inActivity(process, id, (activity) => (name.trim() === '' ? activity : { ...activity, name: name.trim() }));
}

/** Gives an activity another id; expressions, wires and layout follow. An id that cannot be had changes nothing. */
export function changeActivityId(process: ProcessId, id: ActivityId, newId: ActivityId): Edit {
  return inProcess(process, (current) => {
    const renamed = renameActivityId(current, id, newId);
    return renamed.ok ? renamed.value : current;
  });
}

/** Sets a config field; undefined removes it, so that the default counts. */
export function setConfig(process: ProcessId, id: ActivityId, field: string, value: JsonValue | undefined): Edit {
  return inActivity(process, id, (activity) => ({ ...activity, config: withEntry(activity.config, field, value) }));
}

/** Sets the expression of an input field; undefined removes the field. */
export function setInput(process: ProcessId, id: ActivityId, field: string, text: string | undefined): Edit {
  return inActivity(process, id, (activity) => ({ ...activity, input: withEntry(activity.input, field, text) }));
}

/** Renames an input field that the user added; its place among the others stays. */
export function renameInput(process: ProcessId, id: ActivityId, field: string, name: string): Edit {
  return inActivity(process, id, (activity) => {
    if (name in activity.input || name === '') return activity;
    const entries = Object.entries(activity.input).map(([key, text]) => [key === field ? name : key, text] as const);
    return { ...activity, input: Object.fromEntries(entries) };
  });
}

/**
 * Makes a group one of another kind: settings and expressions that the other has too stay, and so does a name that it was given. What
 * is in it is not touched.
 */
export function changeKind(
  process: ProcessId,
  id: ActivityId,
  from: ActivityDeclaration,
  to: ActivityDeclaration,
): Edit {
  return inActivity(process, id, (activity) => {
    const isOwnName = activity.name.replace(/ \d+$/, '') !== from.title;
    return {
      ...activity,
      type: to.type,
      name: isOwnName ? activity.name : activity.name.replace(from.title, to.title),
      config: only(activity.config, to.config),
      input: only(activity.input, to.input),
    };
  });
}

function only<T>(record: Readonly<Record<string, T>>, known: object): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => Object.hasOwn(known, name)));
}

/** Switches activities off (passed over at run time) or on. */
export function setDisabled(process: ProcessId, ids: readonly ActivityId[], disabled: boolean): Edit {
  return (project) =>
    ids.reduce(
      (current, id) =>
        inActivity(process, id, ({ disabled: _old, ...rest }) => (disabled ? { ...rest, disabled } : rest))(current),
      project,
    );
}

/** A record with one entry set, or removed when the value is undefined. */
export function withEntry<T>(
  record: Readonly<Record<string, T>>,
  key: string,
  value: T | undefined,
): Readonly<Record<string, T>> {
  if (value !== undefined) return { ...record, [key]: value };
  const { [key]: _gone, ...rest } = record;
  return rest;
}
