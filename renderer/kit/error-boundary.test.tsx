// @vitest-environment happy-dom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, it, vi } from 'vitest';
import { ErrorBoundary } from './error-boundary.tsx';

function Part({ at }: { readonly at: number }) {
  return <p>{new Date(at).toISOString()}</p>;
}

it('keeps a fault to its part, and draws that part again for another subject', async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  const host = document.createElement('div');
  const root = createRoot(host);
  const draw = (at: number) =>
    act(async () =>
      root.render(
        <>
          <b>the rest</b>
          <ErrorBoundary name="the time" subject={at}>
            <Part at={at} />
          </ErrorBoundary>
        </>,
      ),
    );
  await draw(Number.MAX_SAFE_INTEGER);
  expect(host.textContent).toMatch(/^the restMillrace could not draw the time/);
  expect(host.textContent).toContain('Invalid time value');
  await draw(0);
  expect(host.textContent).toBe('the rest1970-01-01T00:00:00.000Z');
  await act(async () => root.unmount());
  told.mockRestore();
});
