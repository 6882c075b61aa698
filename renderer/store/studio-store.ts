import type { StoreApi } from 'zustand/vanilla';
import { createStore } from 'zustand/vanilla';
import type { Palette } from '../edits/palette.ts';
import type { StudioClient } from './client.ts';
import type { CrossActions } from './cross-actions.ts';
import { createCrossActions } from './cross-actions.ts';
import type { DocumentSlice } from './document-slice.ts';
import { createDocumentSlice } from './document-slice.ts';
import type { FilesPort } from './files-port.ts';
import type { LiveSlice } from './live-slice.ts';
import { createLiveSlice } from './live-slice.ts';
import type { NoticeSlice } from './notice-slice.ts';
import { createNoticeSlice } from './notice-slice.ts';
import type { SessionSlice } from './session-slice.ts';
import { createSessionSlice } from './session-slice.ts';

/** What the store was made with. */
interface Surroundings {
  readonly client: StudioClient;
  readonly palette: Palette;
  readonly files: FilesPort;
}

export type StudioState = DocumentSlice & SessionSlice & NoticeSlice & LiveSlice & CrossActions & Surroundings;

/** The store without React: tests and commands use it directly. */
export type StudioStore = StoreApi<StudioState>;

/** Makes the store of one window. */
export function createStudioStore(surroundings: Surroundings): StudioStore {
  return createStore<StudioState>()((set, get) => ({
    ...surroundings,
    ...createDocumentSlice(set, get),
    ...createSessionSlice(set, get),
    ...createNoticeSlice(set, get),
    ...createLiveSlice(set, get),
    ...createCrossActions(set, get),
  }));
}
