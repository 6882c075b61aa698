import { quotedName } from '../../engine/expressions/quoted-name.ts';
import type { ValueType } from '../../engine/model/value-type.ts';
import { typeName } from './value-types.ts';

/** One row of the data tree. */
export interface DataRow {
  /** The expression that reads it. */
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  readonly type: string;
  /** The sample's value in a few characters; undefined when there is none. */
  readonly sample: string | undefined;
  readonly hasChildren: boolean;
  readonly description: string | undefined;
}

/** Items of a list that get a row of their own. */
const itemsShownMax = 8;
/** Characters of a sample value in a row. */
const sampleShownMax = 60;
/** Rows in all: a record with thousands of fields must not stop the window. */
const rowsMax = 2000;

/** The rows of a tree of data; children only of the paths in `open`. What every job has stands at the end. */
export function dataRows(scope: ValueType, sample: unknown, open: ReadonlySet<string>): readonly DataRow[] {
  const rows: DataRow[] = [];
  const roots = childrenOf(scope, sample, '');
  const isCommon = ({ name }: Part) => name === 'job' || name === 'properties';
  for (const root of [...roots.filter((one) => !isCommon(one)), ...roots.filter(isCommon)])
    addRows(root, 0, open, rows);
  return rows;
}

interface Part {
  readonly name: string;
  readonly path: string;
  readonly type: ValueType;
  readonly value: unknown;
}

function addRows({ name, path, type, value }: Part, depth: number, open: ReadonlySet<string>, rows: DataRow[]): void {
  if (rows.length >= rowsMax) return;
  const children = childrenOf(type, value, path);
  rows.push({
    path,
    name,
    depth,
    type: typeName(type),
    sample: children.length > 0 || value === undefined ? undefined : shortText(value),
    hasChildren: children.length > 0,
    description: type.description,
  });
  if (open.has(path)) for (const child of children) addRows(child, depth + 1, open, rows);
}

function childrenOf(type: ValueType, value: unknown, path: string): readonly Part[] {
  if (type.type === 'object') {
    return Object.entries(type.properties).map(([name, part]) => ({
      name,
      path: path === '' ? quotedName(name) : `${path}.${quotedName(name)}`,
      type: part,
      value: isRecord(value) ? value[name] : undefined,
    }));
  }
  if (type.type !== 'array') return [];
  // A path through a list reads that field of every item, so the items' fields stand right below it.
  const first = Array.isArray(value) ? value[0] : undefined;
  if (type.items.type === 'object') return childrenOf(type.items, first, path);
  const items = Array.isArray(value) ? value.slice(0, itemsShownMax) : [];
  return items.map((item, index) => ({ name: `[${index}]`, path: `${path}[${index}]`, type: type.items, value: item }));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shortText(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > sampleShownMax ? `${text.slice(0, sampleShownMax - 1)}…` : text;
}
