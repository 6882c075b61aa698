import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '../kit/tokens.css';
import '../kit/kit.css';
import './app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { desktop } from '../bridge/desktop.ts';
import { handOverFile } from '../bridge/hand-over-file.ts';
import type { Palette } from '../edits/palette.ts';
import type { StudioClient } from '../store/client.ts';
import { followStudio } from '../store/follow-studio.ts';
import type { StudioStore } from '../store/studio-store.ts';
import { createStudioStore } from '../store/studio-store.ts';
import { StudioContext } from '../store/use-studio.ts';
import { App } from './app.tsx';
import { followProblems } from './follow-problems.ts';
import { guardUnsaved } from './guard-unsaved.ts';
import { followKeyboard } from './keyboard.ts';
import { followTheme } from './theme.ts';
import { titleCutText } from './title-cut-text.ts';

/** Starts the designer in an element of the page. Returns its store; whoever has the connection greets the studio (`greetStudio`). */
export function startDesigner(
  host: HTMLElement,
  { client, palette }: { client: StudioClient; palette: Palette },
): StudioStore {
  const store = createStudioStore({ client, palette, files: { save: handOverFile } });
  followTheme(store);
  followKeyboard(store);
  followStudio(store);
  followProblems(store);
  titleCutText(document);
  // On the desktop the shell asks.
  if (desktop() === undefined) guardUnsaved(store);
  createRoot(host).render(
    <StrictMode>
      <StudioContext value={store}>
        <App />
      </StudioContext>
    </StrictMode>,
  );
  return store;
}
