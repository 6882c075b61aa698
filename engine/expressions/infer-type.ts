import type { ValueType } from '../model/value-type.ts';
import { anyType } from '../model/value-type.ts';
import { functionLibrary } from './function-library.ts';
import { listParameter } from './list-parameter.ts';
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

/** What is known at a place of an expression: the shapes of its context, of the whole data, and of the variables. */
interface Scope {
  readonly context: ValueType;
  readonly root: ValueType;
  readonly variables: ReadonlyMap<string, ValueType>;
}

/** The shape of what an expression gives for a context of the shape `scope`, as far as it can be told; `any` otherwise. */
export function inferType(expression: string, scope: ValueType): ValueType {
  const parsed = parseExpression(expression);
  return parsed.ok ? typeOf(parsed.value.tree, { context: scope, root: scope, variables: new Map() }) : anyType;
}

function typeOf(node: SyntaxNode, scope: Scope): ValueType {
  if (node.predicate || node.group || node.keepArray) return anyType;
  switch (node.type) {
    case 'path':
      return typeOfPath(node, scope);
    case 'string':
      return text;
    case 'number':
      return Number.isInteger(node.value) ? { type: 'integer' } : number;
    case 'value':
      return node.value === null ? { type: 'null' } : truth;
    case 'binary':
      return resultOfOperator[String(node.value)] ?? anyType;
    case 'unary':
      return typeOfUnary(node, scope);
    case 'condition':
      return typeOfBranches(node, scope);
    case 'block':
      return typeOfBlock(node, scope);
    case 'variable':
      return typeOfVariable(String(node.value), scope);
    case 'function':
      return typeOfCall(node, scope);
    default:
      return anyType;
  }
}

function typeOfVariable(name: string, { context, root, variables }: Scope): ValueType {
  if (name === '') return context;
  return name === '$' ? root : (variables.get(name) ?? anyType);
}

/** Each part sees the variables that the parts before it bound. */
function typeOfBlock(node: SyntaxNode, scope: Scope): ValueType {
  const variables = new Map(scope.variables);
  let last: ValueType = anyType;
  for (const part of node.expressions ?? []) {
    const inside = { ...scope, variables };
    last = typeOf(part.type === 'bind' && part.rhs ? part.rhs : part, inside);
    if (part.type === 'bind') variables.set(String((part.lhs as SyntaxNode).value), last);
  }
  return last;
}

/** Results of library functions, and of `$map` and its like with the function that they are given. */
function typeOfCall(node: SyntaxNode, scope: Scope): ValueType {
  const name = String(node.procedure?.value);
  const [list, lambda] = node.arguments ?? [];
  if (list && lambda?.type === 'lambda') {
    const listType = typeOf(list, scope);
    if (name === 'filter' || name === 'sort') return listType;
    const item = listType.type === 'array' ? listType.items : listType;
    if (name === 'single') return item;
    if (name === 'map') {
      const variables = new Map(scope.variables);
      for (const [index, { value }] of (lambda.arguments ?? []).entries())
        variables.set(String(value), listParameter(name, index) ? item : anyType);
      return { type: 'array', items: typeOf(bodyOf(lambda), { ...scope, variables }) };
    }
  }
  return resultOfFunction.get(name) ?? anyType;
}

/** The body of a function; JSONata wraps a call at its end once more. */
function bodyOf(lambda: SyntaxNode): SyntaxNode {
  const { body } = lambda;
  if (!body) return lambda;
  return body.type === 'lambda' && body.body && (body as { thunk?: boolean }).thunk ? body.body : body;
}

function typeOfPath(node: SyntaxNode, scope: Scope): ValueType {
  let type = scope.context;
  for (const step of node.steps ?? []) {
    if (step.stages || step.focus || step.index || step.type === 'sort') return anyType;
    type = step.type === 'name' ? fieldType(type, String(step.value)) : stepType(step, type, scope);
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

function stepType(step: SyntaxNode, type: ValueType, scope: Scope): ValueType {
  if (type.type !== 'array') return typeOf(step, { ...scope, context: type });
  return { type: 'array', items: typeOf(step, { ...scope, context: type.items }) };
}

function typeOfUnary(node: SyntaxNode, scope: Scope): ValueType {
  if (node.value === '-') return number;
  if (node.value === '[') {
    const items = (node.expressions ?? []).map((item) => typeOf(item, scope));
    const [first = anyType] = items;
    return {
      type: 'array',
      items: items.every((item) => isSame(item, first)) && first.type !== 'array' ? first : anyType,
    };
  }
  const properties: Record<string, ValueType> = {};
  for (const [name, value] of (node.lhs ?? []) as readonly (readonly [SyntaxNode, SyntaxNode])[]) {
    if (name.type !== 'string') return { type: 'object', properties, open: true };
    properties[String(name.value)] = typeOf(value, scope);
  }
  return { type: 'object', properties };
}

function typeOfBranches(node: SyntaxNode, scope: Scope): ValueType {
  const whenTrue = typeOf(node.then!, scope);
  if (!node.else) return whenTrue;
  return isSame(whenTrue, typeOf(node.else, scope)) ? whenTrue : anyType;
}

function isSame(a: ValueType, b: ValueType): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
