import type { ActivityId, Position, Process } from '../../engine/model/document.ts';
import { ancestorsOf, parentOf } from '../../engine/model/scopes.ts';
import { footprint, nodeHeight, nodeWidth, scopeInset, scopeSizeMin } from './geometry.ts';
import type { Palette } from './palette.ts';

/** px at zoom 1. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where everything of a process stands and how large it is. Asked often while something is dragged, so made once per process. */
export interface ScopeBoxes {
  /** Whether it is a scope that is drawn open, with what is inside. */
  isOpen(id: ActivityId): boolean;
  /** Whether it stands in a scope that is drawn closed. */
  isHidden(id: ActivityId): boolean;
  size(id: ActivityId): Size;
  /** Left upper corner on the canvas; positions in the document count from the scope around an activity. */
  place(id: ActivityId): Position;
  /** The innermost open scope at a point of the canvas, other than the given ones; undefined where there is none. */
  scopeAt(point: Position, except?: ReadonlySet<ActivityId>): ActivityId | undefined;
}

const node: Size = { width: nodeWidth, height: nodeHeight };
const origin: Position = { x: 0, y: 0 };

/** The boxes of a process. Without a palette a scope is what has something in it. */
export function scopeBoxes(process: Process, palette?: Palette): ScopeBoxes {
  const { positions, collapsed = [] } = process.layout;
  const inside = new Map<ActivityId, ActivityId[]>();
  for (const { id, type } of Object.values(process.activities)) {
    if (palette?.get(type)?.kind === 'scope' && !inside.has(id)) inside.set(id, []);
    const scope = parentOf(process, id);
    if (scope === undefined) continue;
    const others = inside.get(scope);
    if (others) others.push(id);
    else inside.set(scope, [id]);
  }
  const sizes = new Map<ActivityId, Size>();
  const isOpen = (id: ActivityId) => inside.has(id) && !collapsed.includes(id);
  const size = (id: ActivityId): Size => {
    const known = sizes.get(id);
    if (known) return known;
    // Also what ends the walk where scopes stand in each other.
    sizes.set(id, node);
    const found = isOpen(id) ? around(inside.get(id)!, (each) => positions[each] ?? origin, size) : node;
    sizes.set(id, found);
    return found;
  };
  const place = (id: ActivityId): Position =>
    [id, ...ancestorsOf(process, id)].reduce((sum, each) => add(sum, positions[each] ?? origin), origin);
  const isHidden = (id: ActivityId) => ancestorsOf(process, id).some((scope) => collapsed.includes(scope));
  const covers = (id: ActivityId, { x, y }: Position) => {
    const [corner, { width, height }] = [place(id), size(id)];
    return x >= corner.x && x <= corner.x + width && y >= corner.y && y <= corner.y + height;
  };
  return {
    isOpen,
    isHidden,
    size,
    place,
    scopeAt: (point, except) =>
      [...inside.keys()]
        .filter((id) => !except?.has(id) && isOpen(id) && !isHidden(id) && covers(id, point))
        .sort((a, b) => ancestorsOf(process, b).length - ancestorsOf(process, a).length)[0],
  };
}

/** What holds all of these, and the room that a scope keeps around them. */
function around(
  ids: readonly ActivityId[],
  positionOf: (id: ActivityId) => Position,
  sizeOf: (id: ActivityId) => Size,
): Size {
  let { width, height } = scopeSizeMin;
  for (const id of ids) {
    const [{ x, y }, size] = [positionOf(id), sizeOf(id)];
    width = Math.max(width, x + size.width + scopeInset.right);
    height = Math.max(height, y + size.height + scopeInset.bottom);
  }
  return { width, height };
}

/** The sum of two places. */
export function add(a: Position, b: Position): Position {
  return { x: a.x + b.x, y: a.y + b.y };
}

/** A place as it is seen from another one. */
export function from(origin: Position, place: Position): Position {
  return { x: place.x - origin.x, y: place.y - origin.y };
}

/** Whether two things stand so near that one covers the other or the room that it wants around it. */
export function collide(a: Position & Size, b: Position & Size): boolean {
  const [gapX, gapY] = [footprint.width - nodeWidth, footprint.height - nodeHeight];
  const isApart = a.x >= b.x + b.width + gapX || b.x >= a.x + a.width + gapX;
  return !isApart && a.y < b.y + b.height + gapY && b.y < a.y + a.height + gapY;
}
