import type { Locator, Page } from 'playwright-core';

/** Opens the designer and waits until the project is drawn. */
export async function openDesigner(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByTestId('canvas').waitFor();
}

/** Shows a process by the words on its tab. */
export async function showProcess(page: Page, id: string): Promise<void> {
  await page.getByTestId(`process-tab-${id}`).click();
}

/** Drags an activity from the palette to a free place of the canvas, in pixels from its corner. */
export async function dragActivity(page: Page, type: string, at: { x: number; y: number }): Promise<void> {
  await page.getByTestId(`palette-item-${type}`).dragTo(page.getByTestId('canvas'), { targetPosition: at });
}

/** Draws a success wire between two activities. */
export async function connectActivities(page: Page, from: string, to: string): Promise<void> {
  await page
    .getByTestId(`node-${from}`)
    .locator('.handle-out')
    .dragTo(page.getByTestId(`node-${to}`).locator('.handle-in'));
}

/** The editor of an expression, once Monaco is there and has the keyboard. */
export async function focusExpression(page: Page, field: string): Promise<Locator> {
  const mapping = page.getByTestId(`mapping-${field}`);
  await mapping.locator('.monaco-editor').waitFor();
  await mapping.locator('.monaco-editor').click();
  return mapping;
}

/** Waits until the run is in a state. */
export async function untilRun(page: Page, state: string): Promise<void> {
  await page.locator(`[data-testid="run-state"][data-state="${state}"]`).waitFor({ timeout: 60_000 });
}
