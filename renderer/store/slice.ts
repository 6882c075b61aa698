/** Makes a slice of the store: it reads and writes its own state only. What concerns more than one is an action of `studio-store.ts`. */
export type MakeSlice<Slice> = (set: (part: Partial<Slice>) => void, get: () => Slice) => Slice;
