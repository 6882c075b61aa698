import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/caretOperations/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/codicon/register';
import 'monaco-editor/features/comment/register';
import 'monaco-editor/features/cursorUndo/register';
import 'monaco-editor/features/hover/register';
import 'monaco-editor/features/linesOperations/register';
import 'monaco-editor/features/parameterHints/register';
import 'monaco-editor/features/placeholderText/register';
import 'monaco-editor/features/snippet/register';
// features/suggest/register leaves the suggestion list itself out; it comes with this file.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController';
import 'monaco-editor/features/toggleTabFocusMode/register';
import 'monaco-editor/features/wordOperations/register';
import * as monaco from 'monaco-editor/editor/editor.api';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import { registerExpressionLanguage } from './expression-language.ts';

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };
registerExpressionLanguage(monaco);

/** Token colours by the names of our design tokens. */
const tokenColors: readonly (readonly [token: string, variable: string])[] = [
  ['', '--ink'],
  ['function', '--syntax-function'],
  ['variable', '--syntax-function'],
  ['identifier', '--syntax-name'],
  ['string', '--syntax-string'],
  ['regexp', '--syntax-string'],
  ['number', '--syntax-number'],
  ['keyword', '--syntax-number'],
  ['operator', '--ink-soft'],
  ['comment', '--ink-faint'],
];

/** Monaco takes no `#fff`, into which the build shortens `#ffffff`. */
function longHex(color: string): string {
  return /^#[0-9a-f]{3}$/i.test(color) ? `#${[...color.slice(1)].map((digit) => digit + digit).join('')}` : color;
}

/** Makes Monaco look like the window: call it when the theme changed. */
export function applyEditorTheme(): void {
  const style = getComputedStyle(document.documentElement);
  const color = (variable: string) => longHex(style.getPropertyValue(variable).trim());
  const isDark = document.documentElement.dataset.theme === 'dark';
  monaco.editor.defineTheme('millrace', {
    base: isDark ? 'vs-dark' : 'vs',
    inherit: true,
    rules: tokenColors.map(([token, variable]) => ({ token, foreground: color(variable).replace('#', '') })),
    colors: {
      'editor.background': color('--surface-raised'),
      'editor.foreground': color('--ink'),
      'editorCursor.foreground': color('--accent'),
      'editor.placeholder.foreground': color('--ink-faint'),
      'editor.selectionBackground': color('--accent-soft'),
      'editorBracketMatch.background': color('--accent-soft'),
      'editorBracketMatch.border': color('--accent-soft'),
      'editorWidget.background': color('--surface-raised'),
      'editorWidget.border': color('--line-strong'),
      'editorSuggestWidget.selectedBackground': color('--accent-soft'),
      'editorSuggestWidget.selectedForeground': color('--ink'),
      'editorSuggestWidget.foreground': color('--ink-soft'),
      'editorSuggestWidget.highlightForeground': color('--accent-ink'),
      'editorSuggestWidget.focusHighlightForeground': color('--accent-ink'),
      'editorError.foreground': color('--danger'),
    },
  });
  monaco.editor.setTheme('millrace');
}

export { monaco };
