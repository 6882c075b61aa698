import type { ActivityId, Position, Process, ProcessId } from '../../engine/model/document.ts';
import { ancestorsOf, childrenOf, parentOf } from '../../engine/model/scopes.ts';
import type { Edit } from './edit.ts';
import { columnGap, gridSize, nodeHeight, nodeWidth, rowHeight, scopeInset } from './geometry.ts';
import { inProcess } from './in-process.ts';
import type { Palette } from './palette.ts';
import type { ScopeBoxes } from './scope-boxes.ts';
import { scopeBoxes } from './scope-boxes.ts';
import { wireWordsWidth } from './wire-words.ts';

/** px that words on a wire keep from the activities at its ends. */
const wordsInset = 32;
/** px between two activities of a column. */
const rowGap = rowHeight - nodeHeight;
/** Passes that pull each activity towards the middle of those before it. */
const orderingPasses = 4;

/** Lays a process out in columns from left to right: each activity right of everything that leads to it. */
export function tidy(process: ProcessId, palette?: Palette): Edit {
  return inProcess(process, (current) => ({
    ...current,
    layout: { ...current.layout, positions: layOut(current, palette) },
  }));
}

/** Positions of a layered layout, origin at the left upper activity's old place, on the grid of 16 px; scopes inside first. */
export function layOut(process: Process, palette?: Palette): Readonly<Record<ActivityId, Position>> {
  const parents = Object.keys(process.activities).map((id) => parentOf(process, id));
  const scopes = [...new Set(parents)].filter((id) => id !== undefined);
  const depth = (id: ActivityId) => ancestorsOf(process, id).length;
  const positions: Record<ActivityId, Position> = {};
  for (const scope of [...scopes.sort((a, b) => depth(b) - depth(a)), undefined]) {
    const members = childrenOf(process, scope).map(({ id }) => id);
    const old = members.flatMap((id) => process.layout.positions[id] ?? []);
    const at = scope === undefined && old.length ? corner(old) : scope === undefined ? { x: 0, y: 0 } : inset;
    const laid = {
      ...process,
      layout: { ...process.layout, positions: { ...process.layout.positions, ...positions } },
    };
    Object.assign(positions, layOutMembers(laid, members, at, scopeBoxes(laid, palette)));
  }
  return positions;
}

const inset = { x: scopeInset.left, y: scopeInset.top };

function corner(places: readonly Position[]): Position {
  return { x: Math.min(...places.map(({ x }) => x)), y: Math.min(...places.map(({ y }) => y)) };
}

/** Activities of one scope, the left upper one at `at`. */
function layOutMembers(
  process: Process,
  members: readonly ActivityId[],
  at: Position,
  boxes: ScopeBoxes,
): Readonly<Record<ActivityId, Position>> {
  const columns = orderColumns(process, columnsOf(process, members));
  const heightOf = (ids: readonly ActivityId[]) =>
    ids.reduce((sum, id) => sum + boxes.size(id).height, Math.max(0, ids.length - 1) * rowGap);
  const tallest = Math.max(0, ...columns.map(heightOf));
  const lefts = columnLefts(process, columns, boxes);
  const positions: Record<ActivityId, Position> = {};
  for (const [column, ids] of columns.entries()) {
    let y = at.y + (tallest - heightOf(ids)) / 2;
    for (const id of ids) {
      positions[id] = { x: at.x + lefts[column]!, y: Math.round(y) };
      y += boxes.size(id).height + rowGap;
    }
  }
  return positions;
}

/** Left edges of the columns: the gap before a column has room for the longest words on a wire into it. */
function columnLefts(process: Process, columns: readonly ActivityId[][], boxes: ScopeBoxes): number[] {
  const columnOf = new Map(columns.flatMap((ids, column) => ids.map((id) => [id, column] as const)));
  const gaps = columns.map(() => columnGap);
  for (const wire of process.transitions) {
    const column = columnOf.get(wire.to);
    if (column !== undefined) gaps[column] = Math.max(gaps[column] ?? columnGap, wireWordsWidth(wire) + wordsInset);
  }
  let left = 0;
  return columns.map((_, column) => {
    if (column === 0) return left;
    const width = Math.max(nodeWidth, ...columns[column - 1]!.map((id) => boxes.size(id).width));
    left += width + Math.ceil(gaps[column]! / gridSize) * gridSize;
    return left;
  });
}

/** Column of an activity: the longest way to it. Wires that would close a loop are passed over. */
function columnsOf(process: Process, members: readonly ActivityId[]): ActivityId[][] {
  const depth = new Map<ActivityId, number>();
  const visiting = new Set<ActivityId>();
  const depthOf = (id: ActivityId): number => {
    const known = depth.get(id);
    if (known !== undefined || visiting.has(id)) return known ?? 0;
    visiting.add(id);
    const before = process.transitions.filter((wire) => wire.to === id && !visiting.has(wire.from));
    const found = before.reduce((most, wire) => Math.max(most, depthOf(wire.from) + 1), 0);
    visiting.delete(id);
    depth.set(id, found);
    return found;
  };
  const columns: ActivityId[][] = [];
  for (const id of members) {
    const column = depthOf(id);
    while (columns.length <= column) columns.push([]);
    columns[column]!.push(id);
  }
  return columns;
}

/** Orders each column by the mean row of what leads to it; ties keep the order of their old height on the canvas. */
function orderColumns(process: Process, columns: ActivityId[][]): ActivityId[][] {
  const heightOf = (id: ActivityId) => process.layout.positions[id]?.y ?? 0;
  let ordered = columns.map((column) => column.toSorted((a, b) => heightOf(a) - heightOf(b)));
  for (let pass = 0; pass < orderingPasses; pass += 1) {
    const row = new Map(ordered.flatMap((column) => column.map((id, index) => [id, index] as const)));
    const meanRow = (id: ActivityId) => {
      const rows = process.transitions.filter((wire) => wire.to === id).map((wire) => row.get(wire.from) ?? 0);
      return rows.length === 0 ? (row.get(id) ?? 0) : rows.reduce((sum, one) => sum + one, 0) / rows.length;
    };
    ordered = ordered.map((column) => column.toSorted((a, b) => meanRow(a) - meanRow(b)));
  }
  return ordered;
}
