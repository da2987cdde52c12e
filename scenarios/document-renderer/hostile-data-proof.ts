import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Check, ScenarioRun } from '../shared/scenario';
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
  title: 'hostile data is rendered as text or refused, in bounded time and memory, and the next document is rendered',
  expectedErrors: ['RenderTimeoutError', 'BrowserFailedError', 'BrowserNotReadyError'],
  async run(run) {
    const renderer = new Renderer(run);
    const since = Date.now();
    await run.step('subscribe to the events', () => renderer.listen());
    const report = (name: string, data: object) =>
      renderer.send({ requestId: `${run.runId}-${name}`, template: 'report', version: 1, data });

    await run.step('inject scripts, files and addresses', async () => {
      await report('injection', {
        // Another document in each run: what an earlier one has stored is removed.
        title: `${run.runId} ${injection}`,
        summary: injection,
        sections: [{ heading: 'End', text: '', rows: [{ name: injection, value: '</table>' }] }],
      });
      const text = await textOf(await renderer.read(await renderer.rendered(`${run.runId}-injection`)));
      run.assert(text.includes('<script>document.body.textContent'), 'the script is text of the document');
      run.assert(!text.includes('root:'), 'no file of the machine is in the document');
      run.assert(text.includes('</td></table><style>'), 'markup in the data is text');
    });

    await run.step('50 MB of data', async () => {
      const dataKey = await renderer.putData('large.json', `{"title":"${'x'.repeat(50_000_000)}"}`);
      await renderer.send({ requestId: `${run.runId}-data`, template: 'report', version: 1, dataKey });
      run.assertEqual(await renderer.failureOf(`${run.runId}-data`), 'data-too-large', 'the reason of 50 MB');
    });

    /** Waits for a refusal by one of the browser's limits: which one it passes first depends on the machine. */
    const refused = async (name: string): Promise<void> => {
      const reason = await renderer.failureOf(`${run.runId}-${name}`);
      run.assert(['out-of-memory', 'out-of-time'].includes(reason), `${name} is refused by a limit`, reason);
    };
    await run.step('100,000 rows', async () => {
      const rows = Array.from({ length: 100_000 }, (_, index) => ({ name: 'r', value: index }));
      const sections = [{ heading: '', text: '', rows }];
      const dataKey = await renderer.putData('rows.json', JSON.stringify({ title: run.runId, sections }));
      await renderer.send({ requestId: `${run.runId}-rows`, template: 'report', version: 1, dataKey });
      await refused('rows');
    });

    await run.step('a layout that takes longer than the browser has', async () => {
      const nested = Array.from({ length: 9_000 }, (_, depth) => `${'>'.repeat((depth % 90) + 1)} x`).join('\n\n');
      await report('layout', { title: 'layout', summary: nested, sections: [] });
      await refused('layout');
    });

    await run.step('render the next document', async () => {
      await report('next', { title: 'next', summary: 'as usual', sections: [] });
      const document = await renderer.rendered(`${run.runId}-next`);
      run.assertEqual(document.pages, 1, 'pages of the next document');
    });

    const peak = await run.step('read the memory from the logs', () => browserMegabytes(run, since));
    run.metric('peak memory of the browser', peak, 'MB');
    // Looked at ten times a second, while a busy machine may be later: below the memory of the function, 1,024 MB.
    run.assert(peak < 1_024, 'the browser is killed soon after it passes 384 MB', `${peak} MB`);
  },
};

/** Greatest peak memory of the browser in the function's logs since a time. */
async function browserMegabytes(run: ScenarioRun, startTime: number): Promise<number> {
  const logs = new CloudWatchLogsClient({});
  const FunctionName = run.output('RenderDocumentFunctionName');
  const { LoggingConfig } = await new LambdaClient({}).send(new GetFunctionConfigurationCommand({ FunctionName }));
  const logGroupName = LoggingConfig?.LogGroup ?? '';
  return run.eventually('the logs up to the last document', async () => {
    const lines: string[] = [];
    for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, { logGroupName, startTime })) {
      lines.push(...events.map(({ message = '' }) => message));
    }
    if (!lines.some((line) => line.includes(`${run.runId}-next`))) return undefined;
    return Math.max(...lines.map((line) => Number(/"browserMegabytes":(\d+)/.exec(line)?.[1] ?? 0)));
  });
}
