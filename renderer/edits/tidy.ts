import type { ActivityId, Position, Process, ProcessId } from '../../engine/model/document.ts';
import type { Edit } from './edit.ts';
import { columnGap, gridSize, nodeWidth, rowHeight } from './geometry.ts';
import { inProcess } from './in-process.ts';
import { wireWordsWidth } from './wire-words.ts';

/** px that words on a wire keep from the activities at its ends. */
const wordsInset = 32;
/** Passes that pull each activity towards the middle of those before it. */
const orderingPasses = 4;

/** Lays a process out in columns from left to right: each activity right of everything that leads to it. */
export function tidy(process: ProcessId): Edit {
  return inProcess(process, (current) => ({ ...current, layout: { ...current.layout, positions: layOut(current) } }));
}

/** Positions of a layered layout, origin at the left upper activity's old place, on the grid of 16 px. */
export function layOut(process: Process): Readonly<Record<ActivityId, Position>> {
  const columns = orderColumns(process, columnsOf(process));
  const old = Object.values(process.layout.positions);
  const left = old.length === 0 ? 0 : Math.min(...old.map(({ x }) => x));
  const top = old.length === 0 ? 0 : Math.min(...old.map(({ y }) => y));
  const tallest = Math.max(0, ...columns.map((column) => column.length));
  const lefts = columnLefts(process, columns);
  const positions: Record<ActivityId, Position> = {};
  for (const [column, ids] of columns.entries()) {
    const inset = ((tallest - ids.length) * rowHeight) / 2;
    for (const [row, id] of ids.entries())
      positions[id] = { x: left + lefts[column]!, y: Math.round(top + inset + row * rowHeight) };
  }
  return positions;
}

/** Left edges of the columns: the gap before a column has room for the longest words on a wire into it. */
function columnLefts(process: Process, columns: readonly ActivityId[][]): number[] {
  const columnOf = new Map(columns.flatMap((ids, column) => ids.map((id) => [id, column] as const)));
  const gaps = columns.map(() => columnGap);
  for (const wire of process.transitions) {
    const column = columnOf.get(wire.to) ?? 0;
    gaps[column] = Math.max(gaps[column] ?? columnGap, wireWordsWidth(wire) + wordsInset);
  }
  let left = 0;
  return columns.map((_, column) => {
    if (column > 0) left += nodeWidth + Math.ceil(gaps[column]! / gridSize) * gridSize;
    return left;
  });
}

/** Column of an activity: the longest way to it. Wires that would close a loop are passed over. */
function columnsOf(process: Process): ActivityId[][] {
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
  for (const id of Object.keys(process.activities)) {
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
