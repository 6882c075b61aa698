import { useEffect, useRef } from 'react';
import { useStudio, useStudioStore } from '../store/use-studio.ts';
import { CommandPalette } from './command-palette.tsx';
import { OpenProjectDialog } from './open-project-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { ShortcutHelp } from './shortcut-help.tsx';

/** Whatever lies above the window now. */
export function Overlays() {
  const { overlay, show } = useStudio((state) => ({ overlay: state.overlay, show: state.show }));
  useFocusReturn(overlay !== null);
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

/**
 * When the last overlay goes, the keyboard is back where it was; the platform alone forgets that when one dialog follows another.
 * Where that is gone (an activity that was deleted), the canvas takes it.
 */
function useFocusReturn(isOpen: boolean): void {
  const store = useStudioStore();
  const lastOutside = useRef<HTMLElement>(null);
  useEffect(() => {
    const onFocus = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement && target.closest('dialog') === null) lastOutside.current = target;
    };
    document.addEventListener('focusin', onFocus);
    return () => document.removeEventListener('focusin', onFocus);
  }, []);
  useEffect(() => {
    if (isOpen || document.activeElement !== document.body) return;
    if (lastOutside.current?.isConnected === true) lastOutside.current.focus({ preventScroll: true });
    else store.getState().canvas?.focus();
  }, [isOpen, store]);
}
