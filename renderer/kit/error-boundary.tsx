import type { ReactNode } from 'react';
import { Component } from 'react';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';

interface ErrorBoundaryProps {
  /** What is inside, as a person calls it: `the canvas`. */
  readonly name: string;
  /** Another value: what is inside is drawn anew. */
  readonly subject?: unknown;
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly failure: string | undefined;
  readonly subject: unknown;
}

/** Keeps a fault in one part of the window to that part: the rest, and the document with what is not saved, stay. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { failure: undefined, subject: this.props.subject };

  static getDerivedStateFromError(thrown: unknown): Partial<ErrorBoundaryState> {
    return { failure: thrown instanceof Error ? thrown.message : String(thrown) };
  }

  static getDerivedStateFromProps({ subject }: ErrorBoundaryProps, state: ErrorBoundaryState) {
    return subject === state.subject ? null : { failure: undefined, subject };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (failure === undefined) return this.props.children;
    return (
      <EmptyState
        glyph="error"
        title={`Millrace could not draw ${this.props.name}`}
        hint={`A fault of Millrace, not of your project: ${failure}. Nothing of the project is lost.`}
      >
        <Button glyph="refresh" onClick={() => this.setState({ failure: undefined })}>
          Try again
        </Button>
      </EmptyState>
    );
  }
}
