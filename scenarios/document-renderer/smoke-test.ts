import type { Check } from '../shared/scenario';
import { Renderer } from './deployment';
import { invoice } from './documents';

/** Main use case on real input, in seconds. */
export const smokeTest: Check = {
  name: 'invoice-is-rendered',
  title: 'renders an invoice as PDF with a picture, and answers the same request with the same document',
  async run(run) {
    const renderer = new Renderer(run);
    await run.step('subscribe to the events', () => renderer.listen());
    const data = invoice(`invoice ${run.runId}`, 40);
    const first = await run.step('render an invoice', async () => {
      await renderer.send({ requestId: `${run.runId}-first`, template: 'invoice', version: 1, data });
      return renderer.rendered(`${run.runId}-first`);
    });
    const pdf = await renderer.read(first);
    run.assertEqual(pdf.subarray(0, 5).toString(), '%PDF-', 'the beginning of the document');
    run.assertEqual(first.pages, 2, 'pages of an invoice with 40 lines');
    const picture = await renderer.readThumbnail(first);
    run.picture('documents', 'invoice, first page', picture, 'image/png');
    const again = await run.step('ask for the same again', async () => {
      await renderer.send({ requestId: `${run.runId}-again`, template: 'invoice', version: 1, data });
      return renderer.rendered(`${run.runId}-again`);
    });
    run.assertEqual(again.version, first.version, 'the version of the same document');
    run.metric('size of the document', first.bytes, 'bytes');
  },
};
