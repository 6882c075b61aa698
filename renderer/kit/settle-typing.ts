/** What is being typed counts before the document is saved, run or left: fields commit when they are left. */
export function settleTyping(target: EventTarget | null): void {
  if (!isText(target) || document.activeElement !== target) return;
  const field = target as HTMLElement;
  field.blur();
  field.focus({ preventScroll: true });
}

/** True while a field holds typing that is no part of the document yet. */
export function isTyping(): boolean {
  return document.querySelector('[data-draft]') !== null;
}

/** A control that text is typed or chosen in. */
export function isText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const isTyped = target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type);
  return (
    isTyped ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    target.isContentEditable ||
    target.closest('.monaco-editor') !== null
  );
}
