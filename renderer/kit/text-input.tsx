import type { ComponentProps } from 'react';
import { useEffect, useRef, useState } from 'react';
import { classNames } from './class-names.ts';

/** The value a control edits, and how it says that the user settled on another one. */
export interface ValueProps<T> {
  readonly value: T;
  readonly onCommit: (value: T) => void;
}

/** Keeps what is being typed apart from the value, so that one edit is one change and Esc gives the old text back. */
function useDraft(value: string, onCommit: (value: string) => void) {
  const [draft, setDraft] = useState(value);
  const latest = useRef({ draft, value, onCommit });
  latest.current = { draft, value, onCommit };
  useEffect(() => setDraft(value), [value]);
  const commit = () => {
    if (latest.current.draft !== latest.current.value) latest.current.onCommit(latest.current.draft);
  };
  // A selection elsewhere takes the control away without a blur: what was typed must not be lost.
  useEffect(() => () => commitPending(latest.current), []);
  return { draft, setDraft, commit, reset: () => setDraft(latest.current.value) };
}

function commitPending(latest: { draft: string; value: string; onCommit: (value: string) => void }) {
  if (latest.draft !== latest.value) latest.onCommit(latest.draft);
}

type InputProps = Omit<ComponentProps<'input'>, 'value' | 'onChange'> &
  ValueProps<string> & {
    /** Enter was pressed; the text is committed. */
    readonly onEnter?: (text: string) => void;
  };

/** One line of text. Commits on Enter and on leaving; Esc gives the old value back. */
export function TextInput({ value, onCommit, onEnter, className, ...rest }: InputProps) {
  const { draft, setDraft, commit, reset } = useDraft(value, onCommit);
  return (
    <input
      type="text"
      spellCheck={false}
      autoComplete="off"
      {...rest}
      data-draft={draft === value ? undefined : ''}
      className={classNames('input', className)}
      value={draft}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          commit();
          // Where the keyboard goes next must not get the line break.
          if (onEnter !== undefined) event.preventDefault();
          onEnter?.(draft);
        }
        if (event.key === 'Escape' && draft !== value) {
          event.stopPropagation();
          reset();
        }
      }}
    />
  );
}

type AreaProps = Omit<ComponentProps<'textarea'>, 'value' | 'onChange'> & ValueProps<string>;

/** Several lines of text. Commits on leaving and on Ctrl+Enter. */
export function TextArea({ value, onCommit, className, ...rest }: AreaProps) {
  const { draft, setDraft, commit, reset } = useDraft(value, onCommit);
  return (
    <textarea
      rows={Math.min(12, Math.max(2, draft.split('\n').length))}
      {...rest}
      data-draft={draft === value ? undefined : ''}
      className={classNames('input', 'textarea', className)}
      value={draft}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.ctrlKey) commit();
        if (event.key === 'Escape' && draft !== value) {
          event.stopPropagation();
          reset();
        }
      }}
    />
  );
}

/** Code in several lines: like TextArea, in the code face, without spell checking. Also stands in while Monaco loads. */
export function CodeField({ className, ...rest }: AreaProps) {
  return <TextArea spellCheck={false} wrap="off" className={classNames('code-field', className)} {...rest} />;
}
