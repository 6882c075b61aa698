import type { ValueType } from '../model/value-type.ts';
import { anyType } from '../model/value-type.ts';
import { functionLibrary } from './function-library.ts';
import type { SyntaxNode } from './syntax.ts';
import { parseExpression } from './syntax.ts';

const text: ValueType = { type: 'string' };
const number: ValueType = { type: 'number' };
const truth: ValueType = { type: 'boolean' };

const resultOfOperator: Readonly<Record<string, ValueType>> = {
  '+': number,
  '-': number,
  '*': number,
  '/': number,
  '%': number,
  '&': text,
  '=': truth,
  '!=': truth,
  '<': truth,
  '<=': truth,
  '>': truth,
  '>=': truth,
  and: truth,
  or: truth,
  in: truth,
  '..': { type: 'array', items: { type: 'integer' } },
};

const resultOfFunction: ReadonlyMap<string, ValueType> = new Map(
  functionLibrary.map((entry) => [entry.name, entry.returns]),
);

/** The shape of what an expression gives for a context of the shape `scope`, as far as it can be told; `any` otherwise. */
export function inferType(expression: string, scope: ValueType): ValueType {
  const parsed = parseExpression(expression);
  return parsed.ok ? typeOf(parsed.value.tree, scope, scope) : anyType;
}

function typeOf(node: SyntaxNode, scope: ValueType, root: ValueType): ValueType {
  if (node.predicate || node.group || node.keepArray) return anyType;
  switch (node.type) {
    case 'path':
      return typeOfPath(node, scope, root);
    case 'string':
      return text;
    case 'number':
      return Number.isInteger(node.value) ? { type: 'integer' } : number;
    case 'value':
      return node.value === null ? { type: 'null' } : truth;
    case 'binary':
      return resultOfOperator[String(node.value)] ?? anyType;
    case 'unary':
      return typeOfUnary(node, scope, root);
    case 'condition':
      return typeOfBranches(node, scope, root);
    case 'block': {
      const last = node.expressions?.at(-1);
      return last ? typeOf(last, scope, root) : anyType;
    }
    case 'variable':
      return node.value === '' ? scope : node.value === '$' ? root : anyType;
    case 'function':
      return resultOfFunction.get(String(node.procedure?.value)) ?? anyType;
    default:
      return anyType;
  }
}

function typeOfPath(node: SyntaxNode, scope: ValueType, root: ValueType): ValueType {
  let type = scope;
  for (const step of node.steps ?? []) {
    if (step.stages || step.focus || step.index || step.type === 'sort') return anyType;
    type = step.type === 'name' ? fieldType(type, String(step.value)) : stepType(step, type, root);
  }
  return type;
}

/** A field of a type; of a list, a list of that field of its items. */
export function fieldType(type: ValueType, name: string): ValueType {
  if (type.type === 'object') return Object.hasOwn(type.properties, name) ? type.properties[name]! : anyType;
  if (type.type !== 'array') return anyType;
  const items = fieldType(type.items, name);
  return items.type === 'array' ? items : { type: 'array', items };
}

function stepType(step: SyntaxNode, type: ValueType, root: ValueType): ValueType {
  if (type.type !== 'array') return typeOf(step, type, root);
  return { type: 'array', items: typeOf(step, type.items, root) };
}

function typeOfUnary(node: SyntaxNode, scope: ValueType, root: ValueType): ValueType {
  if (node.value === '-') return number;
  if (node.value === '[') {
    const items = (node.expressions ?? []).map((item) => typeOf(item, scope, root));
    const [first = anyType] = items;
    return {
      type: 'array',
      items: items.every((item) => isSame(item, first)) && first.type !== 'array' ? first : anyType,
    };
  }
  const properties: Record<string, ValueType> = {};
  for (const [name, value] of (node.lhs ?? []) as readonly (readonly [SyntaxNode, SyntaxNode])[]) {
    if (name.type !== 'string') return { type: 'object', properties, open: true };
    properties[String(name.value)] = typeOf(value, scope, root);
  }
  return { type: 'object', properties };
}

function typeOfBranches(node: SyntaxNode, scope: ValueType, root: ValueType): ValueType {
  const whenTrue = typeOf(node.then!, scope, root);
  if (!node.else) return whenTrue;
  return isSame(whenTrue, typeOf(node.else, scope, root)) ? whenTrue : anyType;
}

function isSame(a: ValueType, b: ValueType): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
