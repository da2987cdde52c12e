import { runCommand } from '../shared/runbook-commands';
import type { Check } from '../shared/scenario';
import { Renderer } from './deployment';
import { invoice } from './documents';

/** Requests that cannot be rendered, with their reasons, and their redrive. */
export const refusedRequestsProof: Check = {
  name: 'refused-requests',
  title: 'a request that cannot be rendered waits with its reason, and is rendered after a redrive',
  async run(run) {
    const renderer = new Renderer(run);
    await run.step('subscribe to the events', () => renderer.listen());
    const id = (name: string): string => `${run.runId}-${name}`;
    const request = { template: 'invoice', version: 1, data: {} };
    const tooLarge = await renderer.putData('large.json', ' '.repeat(3_000_001));
    const noJson = await renderer.putData('text.json', 'no JSON');
    const refused = {
      malformed: `{"requestId":"${id('malformed')}"`,
      'unknown-template': JSON.stringify({ ...request, requestId: id('unknown-template'), template: 'none' }),
      'data-incomplete': JSON.stringify({ ...request, requestId: id('data-incomplete') }),
      'no-font': JSON.stringify({
        ...{ requestId: id('no-font'), template: 'invoice', version: 1 },
        data: { ...invoice('no-font', 1), customer: { name: '山田太郎', address: '' } },
      }),
      'data-too-large': JSON.stringify({
        ...{ requestId: id('data-too-large'), template: 'invoice', version: 1 },
        dataKey: tooLarge,
      }),
      'data-not-json': JSON.stringify({
        ...{ requestId: id('data-not-json'), template: 'invoice', version: 1 },
        dataKey: noJson,
      }),
      'too-many-pages': JSON.stringify({
        ...{ requestId: id('too-many-pages'), template: 'invoice', version: 1 },
        data: invoice('long', 800),
      }),
    };
    await run.step('send them', () => Promise.all(Object.values(refused).map((body) => renderer.send(body))));
    for (const reason of Object.keys(refused)) {
      run.assertEqual(await renderer.failureOf(id(reason)), reason, `the reason of ${reason}`);
    }

    const dataKey = `data/${run.runId}/late.json`;
    await run.step('send a request whose data is not there yet', async () => {
      await renderer.send({ requestId: id('late'), template: 'invoice', version: 1, dataKey });
      await renderer.failureSeen(id('late'));
    });
    await renderer.putData('late.json', JSON.stringify(invoice(`late ${run.runId}`, 3)));
    const redrive = (command: string) =>
      runCommand(run, 'document-renderer', `npm run ops -- document-renderer ${command}`);
    await run.step('look at what waits, and redrive it by its reason', async () => {
      await redrive('redrive --dry-run');
      await redrive('redrive --reason failed-too-often');
      await redrive('redrive --reason data-missing --max 100');
    });
    const document = await renderer.rendered(id('late'));
    run.assertEqual(document.pages, 1, 'pages of the document after the redrive');
    await run.step('redrive a request that is refused again', async () => {
      await renderer.send(refused.malformed);
      await renderer.failureSeen(id('malformed'));
      await redrive('redrive');
    });
    run.assertEqual(await renderer.failureOf(id('malformed')), 'malformed', 'the reason after another redrive');
  },
};
