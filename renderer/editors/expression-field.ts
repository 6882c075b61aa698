import type { RefObject } from 'react';
import type { ValueType } from '../../engine/model/value-type.ts';
import type { FieldControlIds } from '../kit/field.tsx';

/** Lets a form write into the editor that had the keyboard last. */
export interface ExpressionTarget {
  insert(text: string): void;
}

export interface ExpressionEditorProps {
  readonly ids: FieldControlIds;
  readonly label: string;
  readonly value: string;
  /** Called with every change, not only on leaving. */
  readonly onChange: (text: string) => void;
  /** The shape of what can be read, for completion. */
  readonly scope: ValueType;
  readonly placeholder?: string;
  readonly onFocus: (target: ExpressionTarget) => void;
}

/** What stands in for an editor until it is there. */
export interface ReplacedEditorProps extends ExpressionEditorProps {
  /** Whether what stood in the same place had the keyboard when it went. */
  readonly hadFocus: RefObject<boolean>;
}
