import type { DesktopBridge } from '../../electron/bridge.ts';

declare global {
  interface Window {
    readonly millraceDesktop?: DesktopBridge;
  }
}

/** The desktop shell around this window, or undefined in a browser. */
export function desktop(): DesktopBridge | undefined {
  return window.millraceDesktop;
}
