/** The line drawings of the interface, on a 16 px grid, drawn with the colour of the text around them. */
const drawings = {
  play: 'M5 3.2v9.6L12.8 8z',
  stop: 'M4 4h8v8H4z',
  save: 'M3 3h8l2 2v8H3zM5.5 3v3.5h4V3M5 13V9h6v4',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5 14 14',
  command: 'M3 4.5 6.5 8 3 11.5M8.5 12H13',
  sun: 'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1',
  moon: 'M13.2 9.6A5.8 5.8 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z',
  close: 'M4 4l8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  check: 'M3 8.5 6.5 12 13 4.5',
  chevronDown: 'M4 6l4 4 4-4',
  chevronRight: 'M6 4l4 4-4 4',
  chevronUp: 'M4 10l4-4 4 4',
  undo: 'M6 3 3 6l3 3M3 6h6.5a3.5 3.5 0 0 1 0 7H6',
  redo: 'M10 3l3 3-3 3M13 6H6.5a3.5 3.5 0 0 0 0 7H10',
  palette: 'M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM11.2 9v4.5M9 11.2h4.5',
  project: 'M2 4h4.2l1.5 1.8H14V13H2z',
  topics: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11M5 3.2v2.6M10.5 6.7v2.6M7 10.2v2.6',
  design: 'M2 3h4.5v4H2zM9.5 9H14v4H9.5zM6.5 5h2a1.5 1.5 0 0 1 1.5 1.5V9',
  jobs: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.6',
  problems: 'M8 2.5 14.2 13H1.8zM8 6.5v3M8 11.2v.2',
  log: 'M3 3.5h10M3 6.5h7M3 9.5h10M3 12.5h5',
  cluster: 'M3 2.5h10v3H3zM3 6.7h10v3H3zM3 10.9h10v2.6H3zM5 4v.1M5 8.2v.1M5 12.2v.1',
  warning: 'M8 2.5 14.2 13H1.8zM8 6.5v3M8 11.2v.2',
  error: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.2v3.6M8 5.1v.2',
  trash: 'M3 4.5h10M6.2 4.5V3h3.6v1.5M4.2 4.5l.6 8.5h6.4l.6-8.5M6.8 7v3.6M9.2 7v3.6',
  copy: 'M5.5 5.5h7v7.5h-7zM3.5 10.5v-7.5h7',
  edit: 'M3 13l.6-2.7 7.2-7.2 2.1 2.1-7.2 7.2zM9.5 4.4l2.1 2.1',
  help: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.2 6.3c.1-1 .9-1.6 1.9-1.6s1.8.6 1.8 1.6c0 1.3-1.8 1.4-1.8 2.7M8 11.2v.2',
  more: 'M3.5 8h.1M8 8h.1M12.5 8h.1',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  tidy: 'M2 3h4v3H2zM10 2h4v3h-4zM10 11h4v3h-4zM6 4.5h2v8h2M8 3.5h2',
  resource: 'M8 2c3 0 5 .9 5 2s-2 2-5 2-5-.9-5-2 2-2 5-2zM3 4v8c0 1.1 2 2 5 2s5-.9 5-2V4M3 8c0 1.1 2 2 5 2s5-.9 5-2',
  process:
    'M2 6h3.5v4H2zM10.5 2.5H14v4h-3.5zM10.5 9.5H14v4h-3.5zM5.5 8h2M10.5 4.5H9A1.5 1.5 0 0 0 7.500 6v4A1.5 1.5 0 0 0 9 11.500h1.500',
  drag: 'M6 4h.1M10 4h.1M6 8h.1M10 8h.1M6 12h.1M10 12h.1',
  refresh: 'M13 8a5 5 0 1 1-1.500-3.600M13 2.500v2.500h-2.500',
  keyboard: 'M1.500 4.500h13v7.500h-13zM4 7h.1M6.600 7h.1M9.300 7h.1M12 7h.1M5 9.700h6',
  function:
    'M10.500 3.200c-1.900-.6-2.700.4-3 2L6.300 11c-.3 1.500-1 2.400-2.600 1.900M4.800 6.800h4.800M10 8.500l3 4M13 8.500l-3 4',
} as const;

/** Names of the drawings that exist. */
export type GlyphName = keyof typeof drawings;

const filled: ReadonlySet<GlyphName> = new Set<GlyphName>(['play', 'stop']);
const dotted: ReadonlySet<GlyphName> = new Set<GlyphName>(['more', 'drag']);

/** A decorative drawing; the control around it carries the words. `size` in px. */
export function Glyph({ name, size = 16 }: { readonly name: GlyphName; readonly size?: number }) {
  const solid = filled.has(name);
  return (
    <svg
      aria-hidden="true"
      className="glyph"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill={solid ? 'currentColor' : 'none'}
      stroke={solid ? 'none' : 'currentColor'}
      strokeWidth={dotted.has(name) ? 2 : 1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={drawings[name]} />
    </svg>
  );
}
