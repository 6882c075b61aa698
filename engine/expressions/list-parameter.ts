/** Parameters of a function argument that are items of the list in front of it, by function of the library. */
const itemParameters: Readonly<Record<string, readonly number[]>> = {
  map: [0],
  filter: [0],
  single: [0],
  sort: [0, 1],
  reduce: [1],
};

/** Whether `$name(list, function($a, $b) {...})` hands an item of the list to its parameter number `index`. */
export function listParameter(name: string, index: number): boolean {
  return Object.hasOwn(itemParameters, name) && itemParameters[name]!.includes(index);
}
