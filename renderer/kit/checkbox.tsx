import type { ComponentProps } from 'react';

interface CheckProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'type'> {
  readonly checked: boolean;
  readonly onCommit: (checked: boolean) => void;
}

/** A box to tick. */
export function Checkbox({ onCommit, ...rest }: CheckProps) {
  return <input {...rest} type="checkbox" className="checkbox" onChange={(event) => onCommit(event.target.checked)} />;
}

/** A setting that is on or off at once. */
export function Switch({ onCommit, ...rest }: CheckProps) {
  return (
    <input
      {...rest}
      type="checkbox"
      role="switch"
      aria-checked={rest.checked}
      className="switch"
      onChange={(event) => onCommit(event.target.checked)}
    />
  );
}
