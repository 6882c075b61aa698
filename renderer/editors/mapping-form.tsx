import './editors.css';
import { useRef } from 'react';
import type { Activity, Process } from '../../engine/model/document.ts';
import type { ActivityDeclaration } from '../../engine/spi/define-activity.ts';
import { setInput } from '../commands/edits/change-activity.ts';
import { Button } from '../kit/button.tsx';
import { problemsOfActivity } from '../store/selectors.ts';
import { useStudio } from '../store/use-studio.ts';
import { DataTree } from './data-tree.tsx';
import type { ExpressionTarget } from './expression-editor.tsx';
import { MappingField } from './mapping-field.tsx';
import { SampleBar } from './sample-bar.tsx';
import { usePreview } from './use-preview.ts';

interface MappingFormProps {
  readonly process: Process;
  readonly activity: Activity;
  readonly declaration: ActivityDeclaration;
}

/** The mapper: what can be read on one side, one expression per input field on the other, each with its value on real data. */
export function MappingForm({ process, activity, declaration }: MappingFormProps) {
  const edit = useStudio((state) => state.edit);
  const problems = useStudio((state) => problemsOfActivity(state, process.id, activity.id));
  const preview = usePreview({ process, activity: activity.id });
  const target = useRef<ExpressionTarget>(null);
  const names = [...new Set([...Object.keys(declaration.input), ...Object.keys(activity.input)])];
  const change = (field: string, text: string | undefined) =>
    edit(`Map ${field}`, setInput(process.id, activity.id, field, text), `input:${process.id}/${activity.id}/${field}`);
  const pick = (path: string) => {
    const firstEmpty = names.find((name) => (activity.input[name] ?? '') === '');
    if (target.current !== null) target.current.insert(path);
    else if (firstEmpty !== undefined) change(firstEmpty, path);
  };
  return (
    <div className="mapping">
      <div className="mapping-data">
        <SampleBar preview={preview} />
        <DataTree preview={preview} onPick={pick} />
      </div>
      <div className="mapping-fields">
        {names.map((name) => (
          <MappingField
            key={name}
            name={name}
            process={process}
            activity={activity}
            declared={declaration.input[name]}
            preview={preview}
            problems={problems.filter((problem) => problem.field === `input.${name}`)}
            onChange={(text) => change(name, text)}
            onFocus={(focused) => {
              target.current = focused;
            }}
          />
        ))}
        {declaration.openInput === true ? (
          <Button glyph="plus" data-testid="add-mapping" onClick={() => change(freeField(activity), '')}>
            Add field
          </Button>
        ) : null}
        {names.length === 0 ? (
          <p className="mapping-none">Each field that you add becomes a field of the output.</p>
        ) : null}
      </div>
    </div>
  );
}

function freeField(activity: Activity): string {
  let number = 1;
  while (`field${number}` in activity.input) number += 1;
  return `field${number}`;
}
