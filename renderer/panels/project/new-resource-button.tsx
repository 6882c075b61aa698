import { useRef, useState } from 'react';
import { IconButton } from '../../kit/button.tsx';
import { Menu } from '../../kit/menu.tsx';
import { useStudio } from '../../store/use-studio.ts';

/** Offers the kinds of shared resources that can be added. */
export function NewResourceButton({ onPick }: { readonly onPick: (type: string) => void }) {
  const [isOpen, setOpen] = useState(false);
  const anchor = useRef<HTMLSpanElement>(null);
  const palette = useStudio((state) => state.palette);
  const kinds = [...palette.values()].filter((declaration) => declaration.kind === 'resource');
  return (
    <span ref={anchor}>
      <IconButton
        glyph="plus"
        label="New shared resource"
        tooltipSide="left"
        aria-haspopup="menu"
        onClick={() => setOpen(!isOpen)}
      />
      {isOpen ? (
        <Menu
          label="New shared resource"
          anchor={anchor}
          onClose={() => setOpen(false)}
          items={kinds.map(({ type, title }) => ({
            id: type,
            label: title,
            glyph: 'resource' as const,
            run: () => onPick(type),
          }))}
        />
      ) : null}
    </span>
  );
}
