import type { Stage, SyntaxNode } from '../syntax.ts';
import type { Sequence } from '../values/sequence.ts';
import { createSequence } from '../values/sequence.ts';
import { isNumeric, toBoolean } from '../values/values.ts';
import type { Closure } from './closure.ts';
import { NotCompiled } from './closure.ts';

/** Picks from a value: `[0]`, `[price > 5]`. The result is a sequence, or an array that was picked. */
export type Filter = (value: unknown, root: unknown) => unknown;

/** Compiles what stands in brackets behind a step or a value. */
export function compileFilters(stages: readonly Stage[], compile: (node: SyntaxNode) => Closure): readonly Filter[] {
  return stages.map((stage) => {
    if (stage.type !== 'filter' || !stage.expr) throw new NotCompiled(`stage ${stage.type}`);
    if (stage.expr.type === 'number' && !stage.expr.predicate) return pickAt(Number(stage.expr.value));
    return pickWhere(compile(stage.expr));
  });
}

function pickAt(position: number): Filter {
  const index = Math.floor(position);
  return (value) => {
    const list = listOf(value);
    const item: unknown = list[index < 0 ? list.length + index : index];
    if (Array.isArray(item)) return item;
    return item === undefined ? createSequence() : createSequence(item);
  };
}

function pickWhere(predicate: Closure): Filter {
  return (value, root) => {
    const list = listOf(value);
    const picked: Sequence = createSequence();
    for (let index = 0; index < list.length; index++) {
      const item = list[index];
      const result = predicate(item, root);
      const positions = isNumeric(result, {}) ? [result] : result;
      if (isListOfNumbers(positions)) for (const position of positions) addIfAt(position, index, list, picked);
      else if (toBoolean(positions, {})) picked.push(item);
    }
    return picked;
  };
}

function addIfAt(position: number, index: number, list: readonly unknown[], picked: unknown[]): void {
  const wanted = Math.floor(position);
  if ((wanted < 0 ? list.length + wanted : wanted) === index) picked.push(list[index]);
}

function isListOfNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => isNumeric(item, {}));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
