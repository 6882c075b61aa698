/** Characters at the end of a long name that are always shown. */
const endChars = 14;

/** A name in one line, cut in its middle where room is short: names of one family differ at their ends. */
export function MiddleCut({ text }: { readonly text: string }) {
  if (text.length <= endChars * 2) return <b className="middle-cut">{text}</b>;
  return (
    <b className="middle-cut" title={text}>
      <span>{text.slice(0, -endChars)}</span>
      <span>{text.slice(-endChars)}</span>
    </b>
  );
}
