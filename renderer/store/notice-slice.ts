import type { MakeSlice } from './slice.ts';

/** What a notice can tell of and go with: the cluster, a start that was refused, saving, files that others wrote, the way to the studio, a copy or download. */
export type NoticeSubject = 'cluster' | 'start' | 'save' | 'disk' | 'studio' | 'copy';

/** A message that floats at the corner of the window. */
export interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'success' | 'warning' | 'danger';
  readonly text: string;
  /** What it tells of: later news of the same take its place, and it goes when its cause has gone. */
  readonly about?: NoticeSubject;
  readonly actions?: readonly { readonly label: string; readonly run: () => void }[];
}

/** Notices shown at once; older ones go. */
const noticesMax = 4;

/** Messages that float at the corner of the window. */
export interface NoticeSlice {
  readonly notices: readonly Notice[];
  readonly notify: (notice: Omit<Notice, 'id'>) => void;
  readonly dismissNotice: (id: number) => void;
  /** Lets go of what was told of a subject: its cause has gone. */
  readonly dismissNoticesAbout: (about: NoticeSubject) => void;
}

/** Creates the notice slice. */
export const createNoticeSlice: MakeSlice<NoticeSlice> = (set, get) => ({
  notices: [],
  notify: (notice) => {
    const id = (get().notices.at(-1)?.id ?? 0) + 1;
    const isReplaced = (other: Notice) =>
      other.text === notice.text || (notice.about !== undefined && other.about === notice.about);
    const others = get().notices.filter((other) => !isReplaced(other));
    set({ notices: [...others, { ...notice, id }].slice(-noticesMax) });
  },
  dismissNotice: (id) => set({ notices: get().notices.filter((notice) => notice.id !== id) }),
  dismissNoticesAbout: (about) => {
    const { notices } = get();
    if (notices.some((notice) => notice.about === about))
      set({ notices: notices.filter((notice) => notice.about !== about) });
  },
});
