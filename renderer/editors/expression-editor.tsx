import type { RefObject } from 'react';
import { lazy, Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { CodeField } from '../kit/text-input.tsx';
import type { ExpressionEditorProps, ReplacedEditorProps } from './expression-field.ts';

const MonacoExpression = lazy(async () => ({ default: (await import('./monaco-expression.tsx')).MonacoExpression }));

/**
 * An editor for one expression: Monaco, loaded when the first one comes to view, and a plain text field until then. The
 * class `nokey` keeps React Flow from taking Space away from Monaco.
 */
export function ExpressionEditor(props: ExpressionEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const isVisible = useVisible(host);
  const hadFocus = useRef(false);
  const plain = <PlainExpression {...props} hadFocus={hadFocus} />;
  return (
    <div ref={host} className="expression-editor nokey">
      {isVisible ? (
        <Suspense fallback={plain}>
          <MonacoExpression {...props} hadFocus={hadFocus} />
        </Suspense>
      ) : (
        plain
      )}
    </div>
  );
}

function PlainExpression({ ids, label, value, onChange, placeholder, onFocus, hadFocus }: ReplacedEditorProps) {
  const field = useRef<HTMLDivElement>(null);
  // One takes the place of the other while the user may be typing: the keyboard goes along.
  useLayoutEffect(() => {
    const element = field.current;
    if (hadFocus.current) element?.querySelector('textarea')?.focus();
    return () => {
      hadFocus.current = element?.contains(document.activeElement) === true;
    };
  }, [hadFocus]);
  return (
    <div ref={field}>
      <CodeField
        {...ids}
        aria-label={label}
        rows={1}
        value={value}
        placeholder={placeholder}
        onCommit={onChange}
        onFocus={() => onFocus({ insert: (text) => onChange(value === '' ? text : `${value} ${text}`) })}
      />
    </div>
  );
}

/** True from the first time that an element can be seen. */
function useVisible(host: RefObject<HTMLElement | null>): boolean {
  const [isVisible, setVisible] = useState(false);
  useEffect(() => {
    if (host.current === null || isVisible || !('IntersectionObserver' in window)) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) setVisible(true);
    });
    observer.observe(host.current);
    return () => observer.disconnect();
  }, [host, isVisible]);
  return isVisible;
}
