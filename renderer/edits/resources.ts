import type { Project, Resource, ResourceId } from '../../engine/model/document.ts';
import type { JsonValue } from '../../engine/model/json-value.ts';
import type { ActivityDeclaration } from '../../engine/spi/define-activity.ts';
import { setConfig, withEntry } from './change-activity.ts';
import type { Edit } from './edit.ts';
import type { Palette } from './palette.ts';

/** Adds a shared resource with every setting at its default. */
export function addResource(id: ResourceId, name: string, declaration: ActivityDeclaration): Edit {
  const resource: Resource = { id, type: declaration.type, name, config: {} };
  return (project) => ({ ...project, resources: { ...project.resources, [id]: resource } });
}

/** Gives a resource another shown name; its id stays. */
export function renameResource(id: ResourceId, name: string): Edit {
  return inResource(id, (resource) => (name.trim() === '' ? resource : { ...resource, name: name.trim() }));
}

/** Gives a resource another id; every config field that names it follows, as the palette declares them. */
export function changeResourceId(id: ResourceId, newId: ResourceId, palette: Palette): Edit {
  return (project) => {
    const resource = project.resources[id];
    if (resource === undefined || newId in project.resources) return project;
    const resources = { ...withEntry(project.resources, id, undefined), [newId]: { ...resource, id: newId } };
    let followed: Project = { ...project, resources };
    for (const { process, activity, field } of usersOf(project, id, palette))
      followed = setConfig(process, activity, field, newId)(followed);
    return followed;
  };
}

/** Sets a config field of a resource; undefined removes it, so that the default counts. */
export function setResourceConfig(id: ResourceId, field: string, value: JsonValue | undefined): Edit {
  return inResource(id, (resource) => ({ ...resource, config: withEntry(resource.config, field, value) }));
}

/** Removes a shared resource. Activities that used it keep the name, and validation says that it is missing. */
export function removeResource(id: ResourceId): Edit {
  return (project) => ({ ...project, resources: withEntry(project.resources, id, undefined) });
}

/** Config fields that name a resource. */
export function usersOf(project: Project, id: ResourceId, palette: Palette) {
  return Object.values(project.processes).flatMap((process) =>
    Object.values(process.activities).flatMap((activity) =>
      Object.entries(palette.get(activity.type)?.config ?? {})
        .filter(([name, field]) => field.kind === 'resource' && activity.config[name] === id)
        .map(([field]) => ({ process: process.id, activity: activity.id, field })),
    ),
  );
}

function inResource(id: ResourceId, change: (resource: Resource) => Resource): Edit {
  return (project) => {
    const resource = project.resources[id];
    return resource === undefined
      ? project
      : { ...project, resources: { ...project.resources, [id]: change(resource) } };
  };
}
