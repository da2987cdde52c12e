import type { HistoryEvent, SFNClient } from '@aws-sdk/client-sfn';
import { readHistory, statesEntered } from '../../../scenarios/shared/step-functions';

const pages: readonly { readonly events: readonly Partial<HistoryEvent>[]; readonly nextToken?: string }[] = [
  { events: [{ stateEnteredEventDetails: { name: 'A' } }, { type: 'TaskScheduled' }], nextToken: '1' },
  { events: [{ stateEnteredEventDetails: { name: 'B', input: 'canary' } }] },
];
const send = ({ input }: { input: { nextToken?: string } }) => Promise.resolve(pages[Number(input.nextToken ?? 0)]);
const client = { send } as unknown as SFNClient;

test('the history of an execution is read over all pages, with its data', async () => {
  expect(JSON.stringify(await readHistory(client, 'arn', true))).toContain('canary');
});

test('states are listed in the order in which the execution entered them', async () => {
  expect(await statesEntered(client, 'arn')).toEqual(['A', 'B']);
});
