import { opened } from '../../spi/lazy-output.ts';
import { EvaluationFault } from '../expression-error.ts';
import type { ExpressionHost } from '../functions/fast-function.ts';
import type { SyntaxNode } from '../syntax.ts';
import { unwrap } from '../values/sequence.ts';
import type { Where } from '../values/values.ts';
import { toBoolean } from '../values/values.ts';
import type { Closure } from './closure.ts';
import { NotCompiled } from './closure.ts';
import { compileCall } from './compile-call.ts';
import { compileArray, compileObject } from './compile-constructor.ts';
import { compileFilters } from './compile-filter.ts';
import { compilePath } from './compile-path.ts';
import { binaryOperator, negate, truth } from './operators.ts';

/** Compiles a syntax tree to a closure, or throws NotCompiled when a part of it needs the interpreter. */
export function compileNode(node: SyntaxNode, host: ExpressionHost): Closure {
  const compile = (inner: SyntaxNode): Closure => compileNode(inner, host);
  if (node.keepArray || (node.group && node.type !== 'path')) throw new NotCompiled('[] or grouping');
  const closure = compileKind(node, compile, host);
  if (!node.predicate?.length) return closure;
  const filters = compileFilters(node.predicate, compile);
  return (input, root) => unwrap(filters.reduce((value, filter) => filter(value, root), closure(input, root)));
}

function compileKind(node: SyntaxNode, compile: (node: SyntaxNode) => Closure, host: ExpressionHost): Closure {
  switch (node.type) {
    case 'path':
      return compilePath(node, compile);
    case 'string':
    case 'number':
    case 'value': {
      const { value } = node;
      return () => value;
    }
    case 'binary':
      return compileBinary(node, compile);
    case 'unary':
      return compileUnary(node, compile);
    case 'condition':
      return compileCondition(node, compile);
    case 'block':
      return compileBlock(node, compile);
    case 'variable':
      return compileVariable(node);
    case 'function':
      return compileCall(node, compile, host);
    default:
      throw new NotCompiled(node.type);
  }
}

function compileBinary(node: SyntaxNode, compile: (node: SyntaxNode) => Closure): Closure {
  const token = String(node.value);
  const left = compile(node.lhs as SyntaxNode);
  const right = compile(node.rhs!);
  const where = { token, position: node.position ?? 0 };
  if (token === 'and' || token === 'or') return compileLogic(token, left, right, where);
  const operator = binaryOperator(token, node.position);
  if (!operator) throw new NotCompiled(`operator ${token}`);
  return (input, root) => operator(left(input, root), right(input, root));
}

/** A fault on the right side is said to be one of the operator, as in JSONata: it is evaluated within it, or not at all. */
function compileLogic(token: 'and' | 'or', left: Closure, right: Closure, where: Where): Closure {
  const isDecided = token === 'or';
  return (input, root) => {
    if (truth(left(input, root), where) === isDecided) return isDecided;
    try {
      return truth(right(input, root), where);
    } catch (thrown) {
      throw thrown instanceof EvaluationFault ? thrown.within(where) : thrown;
    }
  };
}

function compileUnary(node: SyntaxNode, compile: (node: SyntaxNode) => Closure): Closure {
  if (node.value === '[') return compileArray(node, compile);
  if (node.value === '{') return compileObject(node, compile);
  const operand = compile(node.expression!);
  const where = { token: '-', position: node.position ?? 0 };
  return (input, root) => negate(operand(input, root), where);
}

function compileCondition(node: SyntaxNode, compile: (node: SyntaxNode) => Closure): Closure {
  const condition = compile(node.condition!);
  const whenTrue = compile(node.then!);
  const whenFalse = node.else ? compile(node.else) : () => undefined;
  const where = { position: node.position ?? 0 };
  return (input, root) => (toBoolean(condition(input, root), where) ? whenTrue(input, root) : whenFalse(input, root));
}

function compileBlock(node: SyntaxNode, compile: (node: SyntaxNode) => Closure): Closure {
  const parts = (node.expressions ?? []).map(compile);
  if (parts.length === 1) return parts[0]!;
  return (input, root) => {
    let result: unknown;
    for (const part of parts) result = part(input, root);
    return result;
  };
}

function compileVariable(node: SyntaxNode): Closure {
  if (node.value === '') return (input) => unwrap(withOpenFields(input));
  if (node.value === '$') return (_input, root) => unwrap(withOpenFields(root));
  throw new NotCompiled('variable');
}

/** The whole data of a job may leave the expression here: so its outputs are opened, as one that is named would be. */
function withOpenFields(data: unknown): unknown {
  if (typeof data === 'object' && data !== null && !Array.isArray(data))
    for (const value of Object.values(opened(data))) opened(value);
  return data;
}
