import type * as Monaco from 'monaco-editor/editor/editor.api';
import type { DragEvent, RefObject } from 'react';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { analyseExpression } from '../../engine/expressions/analyse-expression.ts';
import { useStudio } from '../store/use-studio.ts';
import type { ReplacedEditorProps } from './expression-field.ts';
import { expressionLanguageId, setScope } from './expression-language.ts';
import { applyEditorTheme, monaco } from './monaco-setup.ts';

type Editor = Monaco.editor.IStandaloneCodeEditor;

/** Height of a line, and of an editor at most, px; it scrolls beyond. */
const lineHeight = 19;
const heightMax = 240;
/** Of the host, above and below together, px. */
const borders = 2;

const options: Monaco.editor.IStandaloneEditorConstructionOptions = {
  language: expressionLanguageId,
  theme: 'millrace',
  automaticLayout: true,
  fixedOverflowWidgets: true,
  tabFocusMode: true,
  lineNumbers: 'off',
  glyphMargin: false,
  folding: false,
  lineDecorationsWidth: 8,
  lineNumbersMinChars: 0,
  minimap: { enabled: false },
  overviewRulerLanes: 0,
  overviewRulerBorder: false,
  hideCursorInOverviewRuler: true,
  renderLineHighlight: 'none',
  scrollBeyondLastLine: false,
  scrollbar: {
    vertical: 'auto',
    horizontal: 'auto',
    alwaysConsumeMouseWheel: false,
    verticalScrollbarSize: 8,
    horizontalScrollbarSize: 8,
  },
  wordWrap: 'on',
  fontSize: 12,
  lineHeight,
  padding: { top: 5, bottom: 5 },
  contextmenu: false,
  // Whoever types an expression to its end must not be left with a bracket that the editor added.
  autoClosingOvertype: 'always',
  bracketPairColorization: { enabled: false },
  dropIntoEditor: { enabled: false },
  suggest: { showWords: false, showIcons: true },
  wordBasedSuggestions: 'off',
  quickSuggestions: { other: true, strings: false, comments: false },
};

/** One expression in Monaco, as high as its text. */
export function MonacoExpression(props: ReplacedEditorProps) {
  const { value, scope } = props;
  const host = useRef<HTMLDivElement>(null);
  const editor = useEditor(host, props);
  const theme = useStudio((state) => state.theme);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read anew when the theme changed
  useEffect(() => applyEditorTheme(), [theme]);
  useEffect(() => {
    const model = editor.current?.getModel();
    if (model !== null && model !== undefined) setScope(model, scope);
  }, [editor, scope]);
  // Undo and other fields change the text from outside; typing arrives here too and finds nothing to do. With the drawing, not some
  // time after it: by then the next letter may be typed, and would be taken back.
  useLayoutEffect(() => {
    const current = editor.current;
    const model = current?.getModel();
    if (current === null || model === null || model === undefined || model.getValue() === value) return;
    current.executeEdits('outside', [{ range: model.getFullModelRange(), text: value }]);
  }, [editor, value]);
  useEffect(() => {
    const model = editor.current?.getModel();
    if (model !== null && model !== undefined) markSyntax(model, value);
  }, [editor, value]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Monaco's own text area inside is the control
    <div
      ref={host}
      className="monaco-host"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => dropText(editor.current, event)}
    />
  );
}

function useEditor(host: RefObject<HTMLDivElement | null>, props: ReplacedEditorProps): RefObject<Editor | null> {
  const editor = useRef<Editor | null>(null);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const { value, label, placeholder = '' } = latest.current;
    const style = getComputedStyle(document.documentElement);
    const fontFamily = style.getPropertyValue('--font-code');
    const created = monaco.editor.create(element, { ...options, value, fontFamily, ariaLabel: label, placeholder });
    editor.current = created;
    const resize = () => {
      element.style.height = `${Math.min(heightMax, created.getContentHeight()) + borders}px`;
    };
    resize();
    created.onDidContentSizeChange(resize);
    created.onDidChangeModelContent(() => {
      const text = created.getValue();
      if (text !== latest.current.value) latest.current.onChange(text);
    });
    created.onDidFocusEditorText(() => latest.current.onFocus({ insert: (text) => insertAtCursor(created, text) }));
    listAbove(created);
    if (latest.current.hadFocus.current) {
      created.setPosition({ lineNumber: Number.MAX_SAFE_INTEGER, column: Number.MAX_SAFE_INTEGER });
      created.focus();
    }
    return () => {
      created.getModel()?.dispose();
      created.dispose();
      editor.current = null;
    };
  }, [host]);
  return editor;
}

/** The completion list goes above the line where there is room: below stands what the expression gives. */
function listAbove(editor: Editor): void {
  const controller: unknown = editor.getContribution('editor.contrib.suggestController');
  (controller as { forceRenderingAbove?(): void } | null)?.forceRenderingAbove?.();
}

function insertAtCursor(editor: Editor, text: string): void {
  const range = editor.getSelection();
  if (range === null) return;
  editor.executeEdits('data', [{ range, text, forceMoveMarkers: true }]);
  editor.focus();
}

/** Puts dragged text where it was let go. */
function dropText(editor: Editor | null, event: DragEvent): void {
  const text = event.dataTransfer.getData('text/plain');
  if (editor === null || text === '') return;
  event.preventDefault();
  const position = editor.getTargetAtClientPoint(event.clientX, event.clientY)?.position;
  if (position !== null && position !== undefined) editor.setPosition(position);
  insertAtCursor(editor, text);
}

/** A red line under the place where the text stops making sense. */
function markSyntax(model: Monaco.editor.ITextModel, text: string): void {
  const analysis = text.trim() === '' ? undefined : analyseExpression(text);
  if (analysis === undefined || analysis.ok) {
    monaco.editor.setModelMarkers(model, 'expression', []);
    return;
  }
  const end = model.getPositionAt(Math.max(1, analysis.position));
  const start = model.getPositionAt(Math.max(0, analysis.position - 1));
  monaco.editor.setModelMarkers(model, 'expression', [
    {
      severity: monaco.MarkerSeverity.Error,
      message: analysis.message,
      startLineNumber: start.lineNumber,
      startColumn: start.column,
      endLineNumber: end.lineNumber,
      endColumn: end.column,
    },
  ]);
}
