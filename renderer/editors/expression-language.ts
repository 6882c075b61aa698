import type * as Monaco from 'monaco-editor/editor/editor.api';
import { completeExpression } from '../../engine/expressions/complete-expression.ts';
import { functionLibrary } from '../../engine/expressions/function-library.ts';
import type { ValueType } from '../../engine/model/value-type.ts';
import { anyType } from '../../engine/model/value-type.ts';
import { typeName } from './value-types.ts';

/** Monaco's name of the language of mappings and conditions. */
export const expressionLanguageId = 'millrace-expression';

/** What can be read, by the model that is edited. */
const scopes = new WeakMap<object, ValueType>();

/** Tells completion what the expressions of a model can read. */
export function setScope(model: Monaco.editor.ITextModel, scope: ValueType): void {
  scopes.set(model, scope);
}

/** Teaches Monaco colours, brackets, completion and hover help of expressions. Once per window. */
export function registerExpressionLanguage(monaco: typeof Monaco): void {
  monaco.languages.register({ id: expressionLanguageId });
  monaco.languages.setMonarchTokensProvider(expressionLanguageId, tokens);
  monaco.languages.setLanguageConfiguration(expressionLanguageId, configuration);
  monaco.languages.registerCompletionItemProvider(expressionLanguageId, completions(monaco));
  monaco.languages.registerHoverProvider(expressionLanguageId, { provideHover: functionHelp });
}

const tokens: Monaco.languages.IMonarchLanguage = {
  keywords: ['and', 'or', 'in', 'true', 'false', 'null', 'function'],
  tokenizer: {
    root: [
      [/\/\*/, 'comment', '@comment'],
      [/"(?:[^"\\]|\\.)*"?/, 'string'],
      [/'(?:[^'\\]|\\.)*'?/, 'string'],
      [/`[^`]*`?/, 'identifier'],
      [/\$[A-Za-z_]\w*(?=\s*\()/, 'function'],
      [/\$\$?\w*/, 'variable'],
      [/\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/, 'number'],
      [/[A-Za-z_]\w*/, { cases: { '@keywords': 'keyword', '@default': 'identifier' } }],
      [/\/(?![*\s])(?:[^/\\\n]|\\.)+\/[im]*/, 'regexp'],
      [/[()[\]{}]/, '@brackets'],
      [/[-+*/%&|<>=!?:~^@#.,;]+/, 'operator'],
    ],
    comment: [
      [/\*\//, 'comment', '@pop'],
      [/./, 'comment'],
    ],
  },
};

const configuration: Monaco.languages.LanguageConfiguration = {
  wordPattern: /\$?[A-Za-z_]\w*/,
  comments: { blockComment: ['/*', '*/'] },
  brackets: [
    ['(', ')'],
    ['[', ']'],
    ['{', '}'],
  ],
  autoClosingPairs: [
    { open: '(', close: ')' },
    { open: '[', close: ']' },
    { open: '{', close: '}' },
    { open: '"', close: '"', notIn: ['string'] },
    { open: "'", close: "'", notIn: ['string'] },
    { open: '`', close: '`' },
  ],
};

function completions(monaco: typeof Monaco): Monaco.languages.CompletionItemProvider {
  const { Field, Function: Fn } = monaco.languages.CompletionItemKind;
  return {
    triggerCharacters: ['.', '$'],
    provideCompletionItems: (model, position) => {
      const cursor = model.getOffsetAt(position);
      const proposals = completeExpression(model.getValue(), cursor, scopes.get(model) ?? anyType);
      return {
        suggestions: proposals.map(({ kind, label, insert, from, type, help }) => ({
          label,
          kind: kind === 'field' ? Field : Fn,
          insertText: insert,
          filterText: insert,
          detail: typeName(type),
          sortText: `${kind === 'field' ? 0 : 1}${label}`,
          range: monaco.Range.fromPositions(model.getPositionAt(from), position),
          ...(help === undefined ? {} : { documentation: { value: help } }),
        })),
      };
    },
  };
}

function functionHelp(model: Monaco.editor.ITextModel, position: Monaco.Position): Monaco.languages.Hover | null {
  const word = model.getWordAtPosition(position);
  const known = functionLibrary.find(({ name }) => `$${name}` === word?.word);
  if (known === undefined) return null;
  const call = `$${known.name}(${known.parameters})`;
  return { contents: [{ value: `**${call}**` }, { value: known.summary }, { value: `\`${known.example}\`` }] };
}
