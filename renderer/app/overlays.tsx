import { useStudio } from '../store/use-studio.ts';
import { CommandPalette } from './command-palette.tsx';
import { OpenProjectDialog } from './open-project-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { ShortcutHelp } from './shortcut-help.tsx';

/** Whatever lies above the window now. */
export function Overlays() {
  const { overlay, show } = useStudio((state) => ({ overlay: state.overlay, show: state.show }));
  const close = () => show({ overlay: null });
  switch (overlay?.kind) {
    case 'commands':
      return <CommandPalette onClose={close} />;
    case 'shortcuts':
      return <ShortcutHelp onClose={close} />;
    case 'openProject':
      return <OpenProjectDialog purpose={overlay.purpose} onClose={close} />;
    case 'rename':
      return <RenameDialog of={overlay.of} onClose={close} />;
    default:
      return null;
  }
}
