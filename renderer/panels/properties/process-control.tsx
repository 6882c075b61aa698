import { isSubprocess } from '../../../engine/model/called-process.ts';
import type { JsonValue } from '../../../engine/model/json-value.ts';
import { IconButton } from '../../kit/button.tsx';
import type { FieldControlIds } from '../../kit/field.tsx';
import { Select } from '../../kit/select.tsx';
import { useStudio, useStudioStore } from '../../store/use-studio.ts';

interface ProcessControlProps {
  readonly ids: FieldControlIds;
  readonly value: string;
  readonly onChange: (value: JsonValue | undefined) => void;
}

/** A process that can be called, and the way to it. */
export function ProcessControl({ ids, value, onChange }: ProcessControlProps) {
  const store = useStudioStore();
  const { processes, palette } = useStudio((state) => ({
    processes: state.project?.processes,
    palette: state.palette,
  }));
  const callable = Object.values(processes ?? {}).filter((process) => isSubprocess(process, palette));
  return (
    <span className="control-row">
      <Select
        {...ids}
        value={value}
        placeholder={callable.length === 0 ? 'No process begins with a Start' : 'Choose a process'}
        options={callable.map(({ id, name }) => ({ value: id, label: name }))}
        onCommit={(chosen) => onChange(chosen === '' ? undefined : chosen)}
      />
      <IconButton
        glyph="edit"
        label="Open the process"
        tooltipSide="left"
        disabled={processes?.[value] === undefined}
        onClick={() => store.getState().openProcess(value)}
      />
    </span>
  );
}
