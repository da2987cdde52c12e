import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import type { Check, ScenarioRun } from '../shared/scenario';
import { decideOn, openPage, waitForLink } from './approval-pages';
import { openDeployment } from './deployment';
import { call, formOf, submit, waitForStatus } from './requests';

export const hostileInputProof: Check = {
  name: 'hostile-input',
  title: 'hostile text is shown as text or refused, and no log has personal data, a link or a token',
  async run(run) {
    const since = Date.now();
    const deployment = await openDeployment(run);
    const secret = `secret-${run.runId}`;
    const purpose = `=cmd|' /C calc'!A0\n<script>alert(1)</script>"><img src=x> ${secret} {{7*7}} \${jndi:x}`;
    const refused: [string, object][] = [
      ['a header', { purpose: 'x\r\nBcc: all@example.com' }],
      ['a requester', { person: 'ben' }],
      ['a start script', { startScript: '#!/bin/sh' }],
      ['a team', { team: '../other' }],
      ['a size', { size: 't3.metal' }],
      ['a long text', { purpose: 'x'.repeat(15_000) }],
      ['a megabyte', { purpose: 'x'.repeat(1_000_000) }],
      ['a key of prototypes', JSON.parse('{"__proto__":{"admin":true},"constructor":1}') as object],
    ];
    for (const [what, more] of refused) {
      const { status } = await call(deployment, 'POST', 'requests', formOf(deployment, 'refused', more));
      run.assertEqual(status, 400, `status of ${what}`);
    }
    for (const path of ['', 'requests/r-000000000000000000000000', 'other', 'requests/x/y/z']) {
      run.assertEqual((await call(deployment, 'GET', path)).status, 404, `status of GET /${path}`);
    }
    const requestId = await submit(deployment, 'hostile', { purpose });
    const link = await waitForLink(deployment, requestId, 'ben');
    const { html, token } = await openPage(link);
    run.assert(!/<script|<img/.test(html), 'the page has no element of the requester');
    run.assert(html.includes('&#60;script&#62;alert(1)'), 'the page shows the text as it was written');
    run.assertEqual(await decideOn(link, token, 'refuse'), 200, 'status of the refusal');
    await waitForStatus(deployment, requestId, ['refused']);
    const lines = await run.step('read the logs', () => readLogs(run, requestId, since));
    const hidden = { secret, link: link.slice(-43), token, address: `ben-${run.runId}@`, principal: 'arn:aws:iam::' };
    for (const [what, text] of Object.entries(hidden)) {
      run.assertEqual(lines.filter((line) => line.includes(text)).length, 0, `log lines with the ${what}`);
    }
    run.metric('log lines read', lines.length);
  },
};

/** Log lines of the stack's functions since a time, once the end of the request is among them. */
function readLogs(run: ScenarioRun, requestId: string, startTime: number): Promise<string[]> {
  const logs = new CloudWatchLogsClient({});
  const lambda = new LambdaClient({});
  const stack = run.output('EndMachineFunctionName').replace(/EndMachine.*$/, '');
  return run.eventually('the logs of the request', async () => {
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
    const names = Functions.map(({ FunctionName = '' }) => FunctionName).filter((name) => name.startsWith(stack));
    const lines: string[] = [];
    for (const FunctionName of names) {
      const { LoggingConfig } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const logGroupName = LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`;
      const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, startTime }));
      lines.push(...events.map(({ message = '' }) => message));
    }
    return lines.some((line) => line.includes(requestId) && line.includes('request ended')) ? lines : undefined;
  });
}
