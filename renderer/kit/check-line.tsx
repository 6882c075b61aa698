import { useId } from 'react';
import { Checkbox, Switch } from './checkbox.tsx';

interface CheckLineProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onCommit: (checked: boolean) => void;
  readonly look?: 'box' | 'switch';
  readonly testId?: string;
}

/** A box or switch with its words on one line. */
export function CheckLine({ label, checked, onCommit, look = 'box', testId }: CheckLineProps) {
  const id = useId();
  const Control = look === 'switch' ? Switch : Checkbox;
  return (
    <span className="check-line">
      <Control id={id} checked={checked} onCommit={onCommit} data-testid={testId} />
      <label htmlFor={id}>{label}</label>
    </span>
  );
}
