import type { Activity, ActivityId, Position, ProcessId, Project } from '../../engine/model/document.ts';
import type { JsonValue } from '../../engine/model/json-value.ts';
import type { ActivityDeclaration } from '../../engine/spi/define-activity.ts';
import type { Edit } from './edit.ts';
import { inProcess } from './in-process.ts';

interface NewActivity {
  readonly id: ActivityId;
  readonly declaration: ActivityDeclaration;
  /** From the left upper corner of the scope, for one in a scope. */
  readonly position: Position;
  readonly scope?: ActivityId | undefined;
}

/** Adds an activity of a declared type. Resource fields are filled in when the project has just one that fits. */
export function addActivity(process: ProcessId, { id, declaration, position, scope }: NewActivity): Edit {
  return (project) => {
    const activity: Activity = {
      id,
      name: declaration.title,
      type: declaration.type,
      config: onlyResources(project, declaration),
      input: {},
      ...(scope === undefined ? {} : { parent: scope }),
    };
    return inProcess(process, (current) => ({
      ...current,
      activities: { ...current.activities, [id]: activity },
      layout: { ...current.layout, positions: { ...current.layout.positions, [id]: position } },
    }))(project);
  };
}

function onlyResources(project: Project, declaration: ActivityDeclaration): Record<string, JsonValue> {
  const config: Record<string, JsonValue> = {};
  for (const [name, field] of Object.entries(declaration.config)) {
    if (field.kind !== 'resource') continue;
    const fitting = Object.values(project.resources).filter((resource) => resource.type === field.resourceType);
    const only = fitting.length === 1 ? fitting[0] : undefined;
    if (only !== undefined) config[name] = only.id;
  }
  return config;
}
