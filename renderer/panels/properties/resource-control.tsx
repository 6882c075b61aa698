import type { JsonValue } from '../../../engine/model/json-value.ts';
import type { ResourceField } from '../../../engine/spi/fields.ts';
import { createResource } from '../../commands/new-resource.ts';
import { IconButton } from '../../kit/button.tsx';
import type { FieldControlIds } from '../../kit/field.tsx';
import { Select } from '../../kit/select.tsx';
import { useStudio, useStudioStore } from '../../store/use-studio.ts';

interface ResourceControlProps {
  readonly ids: FieldControlIds;
  readonly field: ResourceField;
  readonly value: string;
  readonly onChange: (value: JsonValue | undefined) => void;
}

/** The choice that makes a new one. */
const newChoice = ' new';

/** A shared resource of the wanted type, or a new one. */
export function ResourceControl({ ids, field, value, onChange }: ResourceControlProps) {
  const store = useStudioStore();
  const resources = useStudio((state) => state.project?.resources);
  const title = useStudio((state) => state.palette.get(field.resourceType)?.title ?? field.resourceType);
  const fitting = Object.values(resources ?? {}).filter((resource) => resource.type === field.resourceType);
  const choose = (chosen: string) => {
    const id = chosen === newChoice ? createResource(store, field.resourceType) : chosen;
    onChange(id === '' ? undefined : id);
  };
  return (
    <span className="control-row">
      <Select
        {...ids}
        value={value}
        placeholder={`Choose a ${title}`}
        options={[
          ...fitting.map(({ id, name }) => ({ value: id, label: name })),
          { value: newChoice, label: `New ${title}…` },
        ]}
        onCommit={choose}
      />
      <IconButton
        glyph="edit"
        label={`Open the ${title}`}
        tooltipSide="left"
        disabled={resources?.[value] === undefined}
        onClick={() => store.getState().selectResource(value)}
      />
    </span>
  );
}
