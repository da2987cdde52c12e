import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatherCalls, gatherViolations, namesOf } from '../../../../tools/local/calls/gather';
import { callsFolder, violationsFolder } from '../../../../tools/local/faults/fault-folder';

const names = new Map([
  ['Stack-Copy-1', { stack: 'Stack', logicalId: 'Copy' }],
  ['stack-source-1', { stack: 'Stack', logicalId: 'Source' }],
]);
const line = (operation: string, ...resources: string[]) =>
  `${JSON.stringify({ service: 's3', operation, resources })}\n`;

function folderOf(files: Record<string, string>, functionName = 'Stack-Copy-1'): string {
  const folder = mkdtempSync(join(tmpdir(), 'calls-'));
  mkdirSync(callsFolder(folder, functionName), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(callsFolder(folder, functionName), file), text);
  return folder;
}

it('calls of all environments come once, with logical ids where the stack has them', () => {
  const folder = folderOf({
    '1.jsonl': line('GetObject', 'stack-source-1') + line('PutObject', 'elsewhere'),
    '2.jsonl': line('GetObject', 'stack-source-1'),
  });
  const own = { stack: 'Stack', function: 'Copy', service: 's3' };
  expect(gatherCalls(folder, names)).toEqual([
    { ...own, operation: 'GetObject', resources: ['Source'] },
    { ...own, operation: 'PutObject', resources: ['elsewhere'] },
  ]);
});

it('half a line of a process that was killed is left out, and so are functions of no stack', () => {
  expect(gatherCalls(folderOf({ '1.jsonl': `${line('GetObject', 'x')}{"serv` }), names)).toHaveLength(1);
  expect(gatherCalls(folderOf({ '1.jsonl': line('GetObject', 'x') }, 'Other-1'), names)).toEqual([]);
});

it('a run without functions called nothing', () => {
  expect(gatherCalls('/nowhere', names)).toEqual([]);
});

it('a request that AWS would refuse is named once, with its function', () => {
  const folder = mkdtempSync(join(tmpdir(), 'violations-'));
  const files = violationsFolder(folder, 'Stack-Copy-1');
  mkdirSync(files, { recursive: true });
  const violation = JSON.stringify({ service: 's3', operation: 'PutObject', violation: 'Key exceeds 1,024 bytes' });
  for (const file of ['1.jsonl', '2.jsonl']) writeFileSync(join(files, file), `${violation}\n`);
  expect(gatherViolations(folder, names)).toEqual(['Stack Copy called s3 PutObject: Key exceeds 1,024 bytes']);
});

it('a function keeps its name, which its URL has too', async () => {
  const summary = (LogicalResourceId: string, ResourceType: string, PhysicalResourceId: string) => ({
    ...{ LogicalResourceId, ResourceType, PhysicalResourceId },
  });
  const StackResourceSummaries = [
    summary('Url', 'AWS::Lambda::Url', 'arn:aws:lambda:us-east-1:0:function:Stack-Copy-1'),
    summary('Copy', 'AWS::Lambda::Function', 'Stack-Copy-1'),
    summary('UrlAgain', 'AWS::Lambda::Url', 'Stack-Copy-1'),
  ];
  const client = { send: () => Promise.resolve({ StackResourceSummaries }) };
  const known = await namesOf(Object.assign(new CloudFormationClient({}), client), ['Stack']);
  expect(known.get('Stack-Copy-1')).toEqual({ stack: 'Stack', logicalId: 'Copy' });
});
