import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Check, ScenarioRun } from '../shared/scenario';
import { decideOn, openPage, waitForLink } from './approval-pages';
import { openDeployment } from './deployment';
import { call, formOf, readRequest, submit, waitForStatus } from './requests';

const fields = ['token', 'team', 'purpose', 'size', 'startScript', 'endsAt', 'unknown'];
const megabyte = 'x'.repeat(1_000_000);

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
      ...fields.map((field): [string, object] => [`a megabyte as ${field}`, { [field]: megabyte }]),
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
    const { taskToken = '' } = (await readRequest(deployment, requestId)) ?? {};
    run.assert(taskToken.length > 0, 'the workflow waits for the decision');
    run.assertEqual(await decideOn(link, megabyte, 'refuse'), 404, 'status of a form with a megabyte as token');
    run.assertEqual(await decideOn(link, token, megabyte), 404, 'status of a form with a megabyte as decision');
    run.assert(!/<script|<img/.test(html), 'the page has no element of the requester');
    run.assert(html.includes('&#60;script&#62;alert(1)'), 'the page shows the text as it was written');
    run.assertEqual(await decideOn(link, token, 'refuse'), 200, 'status of the refusal');
    await waitForStatus(deployment, requestId, ['refused']);
    const lines = await run.step('read the logs', () => readLogs(run, requestId, since));
    const hidden = {
      secret,
      link: link.slice(-43),
      'token of the page': token,
      'task token': taskToken,
      address: `ben-${run.runId}@`,
      principal: Object.values(deployment.policy.people).flatMap(({ principals }) => principals)[0] ?? '',
    };
    for (const [what, text] of Object.entries(hidden)) {
      run.assertEqual(lines.filter((line) => line.includes(text)).length, 0, `log lines with the ${what}`);
    }
    run.metric('log lines read', lines.length);
  },
};

/** Lines since a time in all log groups of the stack, once the end of the request is among them. */
function readLogs(run: ScenarioRun, requestId: string, startTime: number): Promise<string[]> {
  const client = new CloudWatchLogsClient({});
  const stack = run.output('ManagedBy');
  return run.eventually('the logs of the request', async () => {
    const lines: string[] = [];
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, { logGroupNamePattern: stack })) {
      for (const { logGroupName } of logGroups) {
        for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName, startTime })) {
          lines.push(...events.map(({ message = '' }) => message));
        }
      }
    }
    return lines.some((line) => line.includes(requestId) && line.includes('request ended')) ? lines : undefined;
  });
}
