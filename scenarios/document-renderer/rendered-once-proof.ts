import type { Check } from '../shared/scenario';
import { Renderer } from './deployment';
import { invoice } from './documents';

const requests = 12;

/** Same document asked for many times at once. */
export const renderedOnceProof: Check = {
  name: 'rendered-once',
  title: 'renders a document once however often it is asked for at once, and answers every request',
  // Requests wait for the attempt that renders, as failed attempts.
  expectedErrors: ['RenderBusyError'],
  async run(run) {
    const renderer = new Renderer(run);
    await run.step('subscribe to the events', () => renderer.listen());
    const data = invoice(`once ${run.runId}`, 200);
    const ids = Array.from({ length: requests }, (_, index) => `${run.runId}-${index}`);
    const documents = await run.step(`ask ${requests} times for one document`, async () => {
      await Promise.all(ids.map((requestId) => renderer.send({ requestId, template: 'invoice', version: 1, data })));
      const answers = [];
      for (const requestId of ids) answers.push(await renderer.rendered(requestId));
      return answers;
    });
    run.assertEqual(new Set(documents.map(({ version }) => version)).size, 1, 'versions of the document');
    const [first] = documents;
    if (first === undefined) throw new Error('no document');
    run.assertEqual(await renderer.versionsOf(first), 1, 'versions of it in the bucket');
    run.assertEqual(await renderer.stateOf(first.renderHash), 'done', 'its state in the table');
    const changed = { ...data, notes: 'Payable within **31 days**.' };
    const other = await run.step('ask for other data', async () => {
      await renderer.send({ requestId: `${run.runId}-other`, template: 'invoice', version: 1, data: changed });
      return renderer.rendered(`${run.runId}-other`);
    });
    run.assert(other.key !== first.key, 'other data is another document');
    const again = await run.step(
      'ask again after an attempt that stored the document and did not record it',
      async () => {
        await renderer.forget(other.renderHash);
        await renderer.send({ requestId: `${run.runId}-again`, template: 'invoice', version: 1, data: changed });
        return renderer.rendered(`${run.runId}-again`);
      },
    );
    run.assertEqual(again.version, other.version, 'the version that it has stored');
    run.assertEqual(await renderer.versionsOf(again), 1, 'versions of that document in the bucket');
  },
};
