import type { ActivityId, Position, Process, Project } from '../../engine/model/document.ts';
import { childrenOf, parentOf } from '../../engine/model/scopes.ts';
import { columnWidth, rowHeight, scopeInset } from './geometry.ts';
import { layOut } from './tidy.ts';

/**
 * The project with a place for every activity. A process without any place is laid out from left to right; an activity that alone lacks
 * one (written by hand, merged) goes to the right of what leads to it, into the first free row. What has a place keeps it. The same
 * project back when nothing lacks one. Not an edit: it is how a project is shown that was never drawn.
 */
export function placeUnplaced(project: Project): Project {
  const placed = Object.entries(project.processes).map(([id, process]) => [id, placeIn(process)] as const);
  if (placed.every(([id, process]) => process === project.processes[id])) return project;
  return { ...project, processes: Object.fromEntries(placed) };
}

function placeIn(process: Process): Process {
  const { positions } = process.layout;
  const lacking = Object.keys(process.activities).filter((id) => !(id in positions));
  if (lacking.length === 0) return process;
  const tidied = layOut(process);
  const hasNone = Object.keys(process.activities).length === lacking.length;
  const all = hasNone ? tidied : withRoomFor(process, lacking, tidied);
  return { ...process, layout: { ...process.layout, positions: all } };
}

/** Takes the columns of the tidy layout as the order, so that each activity comes after what leads to it. */
function withRoomFor(
  process: Process,
  lacking: readonly ActivityId[],
  tidied: Readonly<Record<ActivityId, Position>>,
): Readonly<Record<ActivityId, Position>> {
  const placed: Record<ActivityId, Position> = { ...process.layout.positions };
  const xOf = (id: ActivityId) => tidied[id]?.x ?? 0;
  for (const id of lacking.toSorted((a, b) => xOf(a) - xOf(b)))
    placed[id] = freePlace(beside(process, id, placed), wantedPlace(process, id, placed));
  return placed;
}

/** Places of what stands in the same scope. */
function beside(process: Process, id: ActivityId, placed: Readonly<Record<ActivityId, Position>>): readonly Position[] {
  return childrenOf(process, parentOf(process, id)).flatMap((other) => placed[other.id] ?? []);
}

function wantedPlace(process: Process, id: ActivityId, placed: Readonly<Record<ActivityId, Position>>): Position {
  const before = process.transitions.find((wire) => wire.to === id && wire.from in placed);
  const from = before === undefined ? undefined : placed[before.from];
  if (from !== undefined) return { x: from.x + columnWidth, y: from.y };
  const all = beside(process, id, placed);
  if (all.length === 0) return { x: scopeInset.left, y: scopeInset.top };
  return { x: Math.min(...all.map(({ x }) => x)), y: Math.max(...all.map(({ y }) => y)) + rowHeight };
}

function freePlace(others: readonly Position[], wanted: Position): Position {
  const isTaken = (y: number) =>
    others.some((one) => Math.abs(one.x - wanted.x) < columnWidth && Math.abs(one.y - y) < rowHeight);
  let { y } = wanted;
  // Ends: each row that is taken has one of the others within a row's height, and they are finite.
  while (isTaken(y)) y += rowHeight;
  return { x: wanted.x, y };
}
