import { useEffect, useRef, useState } from 'react';
import { messageOf } from '../../../engine/base/errors.ts';
import type { Resource } from '../../../engine/model/document.ts';
import { Button } from '../../kit/button.tsx';
import { useStudio } from '../../store/use-studio.ts';

type Outcome = { readonly state: 'asking' } | { readonly state: 'reached' | 'failed'; readonly words: string };

/** Asks whether a shared resource can be reached with its settings as they are in the window, and says what answered or why nothing did. */
export function ResourceProbe({ resource: { type, name, config } }: { readonly resource: Resource }) {
  const { client, isOpen } = useStudio((state) => ({ client: state.client, isOpen: state.connection === 'open' }));
  const [outcome, setOutcome] = useState<Outcome>();
  // What was found of other settings says nothing of these.
  const asked = useRef({});
  // biome-ignore lint/correctness/useExhaustiveDependencies: another resource or another setting
  useEffect(() => {
    asked.current = {};
    setOutcome(undefined);
  }, [type, name, config]);
  const probe = async () => {
    const mine = {};
    asked.current = mine;
    setOutcome({ state: 'asking' });
    const resource = { type, name, config: config as Record<string, never> };
    const next = await client.call('resource.probe', { resource }).then(
      ({ found }): Outcome => ({ state: 'reached', words: `It answers: ${found}.` }),
      (thrown): Outcome => ({ state: 'failed', words: messageOf(thrown) }),
    );
    if (asked.current === mine) setOutcome(next);
  };
  return (
    <div className="resource-probe">
      <Button data-testid="probe-button" disabled={!isOpen || outcome?.state === 'asking'} onClick={() => void probe()}>
        Test connection
      </Button>
      <p role="status" data-state={outcome?.state}>
        {outcome?.state === 'asking' ? 'Asking…' : outcome?.words}
      </p>
    </div>
  );
}
