import type { Process } from '../../../engine/model/document.ts';
import { describeProcess, renameProcess } from '../../edits/processes.ts';
import { Field } from '../../kit/field.tsx';
import { TextArea, TextInput } from '../../kit/text-input.tsx';
import { useStudio } from '../../store/use-studio.ts';

/** What a process says about itself; shown while nothing on its canvas is selected. */
export function ProcessProperties({ process }: { readonly process: Process }) {
  const edit = useStudio((state) => state.edit);
  const jobs = useStudio((state) => state.counts[process.id]?.jobs);
  return (
    <>
      <header className="panel-head">
        <h2>Process</h2>
      </header>
      <div className="properties-body">
        <div className="config-form">
          <Field name="name" label="Name">
            {(ids) => (
              <TextInput
                {...ids}
                value={process.name}
                onCommit={(name) => edit('Rename process', renameProcess(process.id, name))}
              />
            )}
          </Field>
          <Field name="description" label="Description" help="What it is for; kept in its file.">
            {(ids) => (
              <TextArea
                {...ids}
                value={process.description ?? ''}
                onCommit={(text) => edit('Describe process', describeProcess(process.id, text))}
              />
            )}
          </Field>
        </div>
        <dl className="facts">
          <dt>File</dt>
          <dd>processes/{process.id}.process.json</dd>
          <dt>Activities</dt>
          <dd>{Object.keys(process.activities).length}</dd>
          <dt>Transitions</dt>
          <dd>{process.transitions.length}</dd>
          {jobs === undefined ? null : (
            <>
              <dt>Jobs of this run</dt>
              <dd>
                {jobs.completed.toLocaleString('en-US')} completed, {jobs.failed.toLocaleString('en-US')} failed,{' '}
                {jobs.active} active
              </dd>
            </>
          )}
        </dl>
      </div>
    </>
  );
}
