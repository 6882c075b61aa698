/**
 * Seeds that once broke an invariant, and what the reason was; they are run first. A seed keeps its meaning only while
 * `optionsFor` draws the same choices in the same order, so each reason has a test beside the mended source as well.
 */
export const pastFailures: readonly { readonly seed: number; readonly reason: string }[] = [
  { seed: 31, reason: 'a broker that lost its unsynced bytes led by the metadata from before its crash' },
  { seed: 36, reason: 'the same, with followers truncating below their high watermark' },
  { seed: 17, reason: 'the same after a kill that lost nothing: the high watermark went back within an epoch' },
  { seed: 11, reason: 'a clean broker that found no controller at its next start counted as unclean after that' },
  { seed: 1029, reason: 'recovery kept a segment of a compacted topic behind one that had lost its end' },
  { seed: 153, reason: 'a coordinator that was cut off kept its group for ever: assignments that nobody replicated' },
  { seed: 37, reason: 'a start whose registration arrived after it had ended made the next one count as unclean' },
  { seed: 221, reason: 'a controller that resigned within its own append never answered the command it appended' },
  { seed: 1116, reason: 'a broker on a full disk failed in an ordered stop, at the mark of its clean end' },
  { seed: 2545, reason: 'a start that knew itself registered only from the metadata left no mark of its clean end' },
];
