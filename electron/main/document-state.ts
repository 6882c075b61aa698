/** What the window says of its document: for the title bar, and for the question before it closes. */
export class DocumentState {
  #title = 'Millrace';
  #isDirty = false;
  #listener: () => void = () => {};

  get title(): string {
    return this.#isDirty ? `• ${this.#title}` : this.#title;
  }

  get isDirty(): boolean {
    return this.#isDirty;
  }

  set({ title, isDirty }: { readonly title: string; readonly isDirty: boolean }): void {
    this.#title = title;
    this.#isDirty = isDirty;
    this.#listener();
  }

  /** Calls `listener` after every change. One listener. */
  onChange(listener: () => void): void {
    this.#listener = listener;
  }
}
