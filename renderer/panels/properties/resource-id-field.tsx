import { useState } from 'react';
import type { Resource } from '../../../engine/model/document.ts';
import { fileIdPattern } from '../../../engine/model/document.ts';
import { changeResourceId } from '../../edits/resources.ts';
import { Field } from '../../kit/field.tsx';
import { TextInput } from '../../kit/text-input.tsx';
import { useStudio, useStudioStore } from '../../store/use-studio.ts';

/** The resource's file name, by which activities refer to it; they follow a change. */
export function ResourceIdField({ resource }: { readonly resource: Resource }) {
  const store = useStudioStore();
  const edit = useStudio((state) => state.edit);
  const [error, setError] = useState<string>();
  const commit = (id: string) => {
    const { project, palette } = store.getState();
    const isTaken = project !== null && id in project.resources;
    const reason = !fileIdPattern.test(id)
      ? 'Use letters, digits, - and _; it is a file name.'
      : isTaken
        ? `There is a resource ${id} already.`
        : undefined;
    setError(reason);
    if (reason !== undefined || !edit('Change id', changeResourceId(resource.id, id, palette))) return;
    store.getState().selectResource(id);
    // The form is drawn anew for the new id.
    store.getState().show({ wantedField: 'id' });
  };
  return (
    <Field
      name="id"
      label="Id"
      help="Name of its file in resources/; activities refer to it and follow a change."
      errors={error === undefined ? [] : [error]}
    >
      {(ids) => <TextInput {...ids} className="code-input" value={resource.id} onCommit={commit} />}
    </Field>
  );
}
