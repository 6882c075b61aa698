import type { CSSProperties } from 'react';
import { hueOf, iconOf } from '../../canvas/activity-appearance.ts';
import { SvgIcon } from '../../kit/svg-icon.tsx';
import { TextInput } from '../../kit/text-input.tsx';

interface PropertiesHeaderProps {
  readonly type: string;
  /** What kind of thing it is: `SendMessage`. */
  readonly kind: string;
  readonly name: string;
  readonly onRename: (name: string) => void;
}

/** Icon and name of what the form below is about. */
export function PropertiesHeader({ type, kind, name, onRename }: PropertiesHeaderProps) {
  return (
    <header className="properties-head" style={hueOf(type) as CSSProperties}>
      <span className="properties-tile">
        <SvgIcon source={iconOf(type)} size={22} />
      </span>
      <span className="properties-words">
        <TextInput
          className="properties-name"
          aria-label="Name"
          value={name}
          onCommit={onRename}
          data-testid="field-name"
        />
        <span className="properties-kind">{kind}</span>
      </span>
    </header>
  );
}
