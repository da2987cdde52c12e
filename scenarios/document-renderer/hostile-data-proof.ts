import type { Check } from '../shared/scenario';
import { Renderer } from './deployment';
import { textOf } from './read-pdf';

const injection = [
  '<script>document.body.textContent = "scripted"</script>',
  '<iframe src="file:///etc/passwd"></iframe><img src="file:///etc/hostname">',
  '![picture](http://169.254.169.254/latest/meta-data/) ![file](file:///etc/passwd)',
  '{{number}} </td></table><style>* { display: none }</style>',
].join('\n\n');

/** Data that attacks the page, the network, or the browser's time and memory. */
export const hostileDataProof: Check = {
  name: 'hostile-data',
  title: 'hostile data is rendered as text or refused, in bounded time, and the next document is rendered',
  expectedErrors: ['RenderTimeoutError', 'BrowserFailedError'],
  async run(run) {
    const renderer = new Renderer(run);
    await run.step('subscribe to the events', () => renderer.listen());
    const report = (name: string, data: object) =>
      renderer.send({ requestId: `${run.runId}-${name}`, template: 'report', version: 1, data });

    await run.step('inject scripts, files and addresses', async () => {
      await report('injection', {
        title: injection,
        summary: injection,
        sections: [{ heading: 'End', text: '', rows: [{ name: injection, value: '</table>' }] }],
      });
      const text = await textOf(await renderer.read(await renderer.rendered(`${run.runId}-injection`)));
      run.assert(text.includes('<script>document.body.textContent'), 'the script is text of the document');
      run.assert(!text.includes('root:'), 'no file of the machine is in the document');
      run.assert(text.includes('</td></table><style>'), 'markup in the data is text');
    });

    await run.step('100,000 rows in a data object', async () => {
      const rows = Array.from({ length: 100_000 }, (_, index) => ({ name: 'r', value: index }));
      const dataKey = await renderer.putData('rows.json', JSON.stringify({ title: run.runId, sections: [{ rows }] }));
      await renderer.send({ requestId: `${run.runId}-rows`, template: 'report', version: 1, dataKey });
      run.assertEqual(await renderer.failureOf(`${run.runId}-rows`), 'data-too-large', 'the reason of 100,000 rows');
    });

    await run.step('a layout that takes longer than the browser has', async () => {
      const nested = Array.from({ length: 9_000 }, (_, depth) => `${'>'.repeat((depth % 90) + 1)} x`).join('\n\n');
      await report('layout', { title: 'layout', summary: nested, sections: [] });
      const [outcome, seconds] = await renderer.outcomeOf(`${run.runId}-layout`);
      run.metric('outcome of the layout', outcome);
      run.metric('time to it', seconds, 's');
    });

    await run.step('render the next document', async () => {
      await report('next', { title: 'next', summary: 'as usual', sections: [] });
      const document = await renderer.rendered(`${run.runId}-next`);
      run.assertEqual(document.pages, 1, 'pages of the next document');
    });
  },
};
