import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { outputsFromAccount, outputsFromFile } from '../../../operations/command-line/stack-outputs';
import { UsageError } from '../../../operations/command-line/command';

function fileWith(text: string): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'outputs-')), 'outputs.json');
  writeFileSync(file, text);
  return file;
}

test('outputs of a stack come from its file', () => {
  const file = fileWith('{"ImageResize":{"QueueUrl":"q"},"Other":{}}');
  expect(outputsFromFile(file, 'ImageResize')).toEqual({ QueueUrl: 'q' });
  expect(() => outputsFromFile(file, 'ImageResize-prod')).toThrow(
    `has no stack 'ImageResize-prod' (it has ImageResize, Other)`,
  );
});

test.each(['', '[]', '{"A":1}'])('a file of %j is wrong use', (text) => {
  expect(() => outputsFromFile(fileWith(text), 'A')).toThrow(UsageError);
});

test('outputs of a stack come from the account', async () => {
  const Stacks = [{ Outputs: [{ OutputKey: 'QueueUrl', OutputValue: 'q' }] }];
  const client = { send: async () => ({ Stacks }) } as unknown as CloudFormationClient;
  expect(await outputsFromAccount('ImageResize', client)).toEqual({ QueueUrl: 'q' });
});

test('a stack that does not exist is wrong use, another failure is not', async () => {
  const failing = (name: string): CloudFormationClient =>
    ({
      send: () => Promise.reject(Object.assign(new Error('Stack with id X does not exist'), { name })),
    }) as unknown as CloudFormationClient;
  await expect(outputsFromAccount('X', failing('ValidationError'))).rejects.toThrow(UsageError);
  await expect(outputsFromAccount('X', failing('CredentialsProviderError'))).rejects.not.toThrow(UsageError);
});
