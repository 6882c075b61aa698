import type { ActivityId, Position, Process, TransitionId } from '../../engine/model/document.ts';
import { childrenOf, parentOf } from '../../engine/model/scopes.ts';
import { addActivity } from '../edits/add-activity.ts';
import { whyNotConnect } from '../edits/can-connect.ts';
import { connect } from '../edits/connect.ts';
import { freeActivityId } from '../edits/free-id.ts';
import { columnGap, footprint, gridSize, nodeHeight, nodeWidth, scopeSizeMin } from '../edits/geometry.ts';
import type { ScopeBoxes, Size } from '../edits/scope-boxes.ts';
import { collide, from, scopeBoxes } from '../edits/scope-boxes.ts';
import { splice } from '../edits/splice.ts';
import { activeProcessOf } from '../store/selectors.ts';
import type { StudioStore } from '../store/studio-store.ts';
import { createResource } from './new-resource.ts';

const nodeSize: Size = { width: nodeWidth, height: nodeHeight };

interface Insertion {
  readonly type: string;
  /** Left upper corner on the canvas; where the view is when left out. */
  readonly position?: Position;
  /** The wire to put it into. */
  readonly into?: TransitionId;
  /** The activity to connect it to, when that is allowed. */
  readonly after?: ActivityId;
}

/** Adds an activity of the palette to the process on the canvas and marks it; a resource goes to the project. Returns its id. */
export function insertActivity(store: StudioStore, insertion: Insertion): string | undefined {
  const { palette, edit, select, show, selectResource, canvas, counts } = store.getState();
  const declaration = palette.get(insertion.type);
  if (declaration?.kind === 'resource') {
    const resource = createResource(store, insertion.type);
    if (resource !== undefined) selectResource(resource);
    return resource;
  }
  const process = activeProcessOf(store.getState());
  if (process === undefined || declaration === undefined) return undefined;
  // Under the id of one that ran and was deleted since, it would show that one's counts.
  const ran = counts[process.id]?.activities;
  const id = freeActivityId(declaration.suggestedId, { ...ran, ...process.activities });
  const { into, after } = insertion;
  const boxes = scopeBoxes(process, palette);
  const scope = declaration.kind === 'starter' ? undefined : scopeFor(process, boxes, insertion);
  const onCanvas = insertion.position ?? placeFor(store, after, declaration.kind === 'scope' ? scopeSizeMin : nodeSize);
  const position = scope === undefined ? onCanvas : from(boxes.place(scope), onCanvas);
  edit(`Add ${declaration.title}`, (project) => {
    const added = addActivity(process.id, { id, declaration, position, scope })(project);
    if (into !== undefined) return declaration.kind === 'starter' ? added : splice(process.id, into, id)(added);
    const wire = after === undefined ? undefined : ({ from: after, to: id, kind: 'success' } as const);
    const owner = added.processes[process.id];
    if (wire === undefined || owner === undefined || whyNotConnect(owner, palette, wire) !== undefined) return added;
    return connect(process.id, wire)(added);
  });
  select({ activities: [id] });
  // What a new activity needs first is asked there; a tab left open elsewhere is of the activity before.
  show({ propertiesTab: 'settings' });
  canvas?.reveal(id);
  return id;
}

/** That of the wire or of the activity before, else what is drawn where it goes. */
function scopeFor(process: Process, boxes: ScopeBoxes, { into, after, position }: Insertion): ActivityId | undefined {
  const wire = process.transitions.find(({ id }) => id === into);
  const neighbour = wire?.from ?? after;
  if (neighbour !== undefined) return parentOf(process, neighbour);
  return position && boxes.scopeAt({ x: position.x + nodeWidth / 2, y: position.y + nodeHeight / 2 });
}

/** Right of the activity before, or in the middle of the view; below whatever stands there already. On the canvas. */
function placeFor(store: StudioStore, after: ActivityId | undefined, size: Size): Position {
  const process = activeProcessOf(store.getState());
  const boxes = process && scopeBoxes(process, store.getState().palette);
  if (process === undefined || boxes === undefined) return { x: 0, y: 0 };
  const before = after === undefined ? undefined : boxes.place(after);
  const centre = store.getState().canvas?.centre() ?? { x: 320, y: 200 };
  const scope = after === undefined ? undefined : parentOf(process, after);
  const others = childrenOf(process, scope).map(({ id }) => ({ ...boxes.place(id), ...boxes.size(id) }));
  const x =
    before === undefined ? snap(centre.x - footprint.width / 2) : before.x + boxes.size(after!).width + columnGap;
  let y = before === undefined ? snap(centre.y - footprint.height / 2) : before.y;
  while (others.some((other) => collide({ x, y, ...size }, other))) y += gridSize;
  return { x, y };
}

function snap(value: number): number {
  return Math.round(value / gridSize) * gridSize;
}
