import type { ReactNode } from 'react';
import { useId, useLayoutEffect, useRef } from 'react';
import { IconButton } from './button.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** Buttons, right of the bottom row. */
  readonly actions?: ReactNode;
  readonly width?: number;
  readonly children: ReactNode;
}

const firstControl =
  '.dialog-body :is(input, select, textarea), .dialog-actions .button-primary, .dialog-actions button';

/** A modal dialog: the platform's own, so the focus stays inside and Esc closes it. */
export function Dialog({ title, onClose, actions, width = 460, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Closed before it is taken out of the page: only then the platform gives the keyboard back to where it was.
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    // The platform would choose the close button; what the dialog was opened for comes first.
    dialog?.querySelector<HTMLElement>(firstControl)?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className="dialog nokey"
      style={{ width }}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <header className="dialog-head">
        <h2 id={titleId}>{title}</h2>
        <IconButton glyph="close" label="Close" onClick={onClose} />
      </header>
      <div className="dialog-body">{children}</div>
      {actions === undefined ? null : <footer className="dialog-actions">{actions}</footer>}
    </dialog>
  );
}
