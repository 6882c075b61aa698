import type { Resource } from '../../../engine/model/document.ts';
import { renameResource, setResourceConfig, usersOf } from '../../edits/resources.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import { useStudio, useStudioStore } from '../../store/use-studio.ts';
import { ConfigForm } from './config-form.tsx';
import { PropertiesHeader } from './properties-header.tsx';
import { ResourceIdField } from './resource-id-field.tsx';
import { ResourceProbe } from './resource-probe.tsx';

/** The settings of a shared resource, and who uses it. */
export function ResourceProperties({ resource }: { readonly resource: Resource }) {
  const declaration = useStudio((state) => state.palette.get(resource.type));
  const edit = useStudio((state) => state.edit);
  const problems = useStudio((state) => state.problems.filter((problem) => problem.resource === resource.id));
  const header = (
    <PropertiesHeader
      type={resource.type}
      kind={`${declaration?.title ?? resource.type}, shared resource`}
      name={resource.name}
      onRename={(name) => edit('Rename resource', renameResource(resource.id, name))}
    />
  );
  if (declaration === undefined) {
    return (
      <>
        {header}
        <EmptyState
          glyph="warning"
          title="This resource type is not installed"
          hint={`Nothing in the palette is called ${resource.type}.`}
        />
      </>
    );
  }
  return (
    <>
      {header}
      <div className="properties-body is-settings">
        <p className="properties-summary">{declaration.summary}</p>
        <ConfigForm
          fields={declaration.config}
          config={resource.config}
          problems={problems}
          onChange={(field, value) =>
            edit(`Change ${declaration.config[field]?.label ?? field}`, setResourceConfig(resource.id, field, value))
          }
        >
          <ResourceIdField resource={resource} />
        </ConfigForm>
        <ResourceProbe resource={resource} />
        <ResourceUsers id={resource.id} />
      </div>
    </>
  );
}

function ResourceUsers({ id }: { readonly id: string }) {
  const store = useStudioStore();
  const { project, palette } = useStudio((state) => ({ project: state.project, palette: state.palette }));
  const users = project === null ? [] : usersOf(project, id, palette);
  return (
    <section className="resource-users">
      <h3>{users.length === 0 ? 'No activity uses it yet' : 'Used by'}</h3>
      {users.map(({ process, activity, field }) => (
        <button
          key={`${process}/${activity}/${field}`}
          type="button"
          className="link-row"
          onClick={() => store.getState().openProcess(process, { activities: [activity] })}
        >
          {project?.processes[process]?.activities[activity]?.name}
          <span>{project?.processes[process]?.name}</span>
        </button>
      ))}
    </section>
  );
}
