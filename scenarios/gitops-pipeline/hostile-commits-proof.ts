import { GetObjectCommand } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Check, ScenarioRun } from '../shared/scenario';
import { subscribeQueue } from '../shared/topic-subscription';
import { awaitComment, push, readDeployment, waitForEnd, type Deployment } from './deployment';
import { expectedAnswers, forbiddenCalls } from './forbidden-calls';

/** Names that git takes: https://git-scm.com/docs/git-check-ref-format */
const hostileBranch = '$(touch${IFS}pwned);`touch${IFS}pwned`\'"|&<b>%s{{x}}```#';
const hostileFiles = ['$(touch pwned);`id`\'".js', '--fix.js', '-rf', 'a\nb.txt', '"; exit 0 #.mjs'];
const hostileMessage = '"; touch pwned #$(touch pwned)`touch pwned`\n\n```\n<script>alert(1)</script>';

/** Test of the commit: the variable has the name of the branch as it is, and no command of the pipeline has made a file. */
const testSource = `
import { existsSync, readFileSync } from 'node:fs';
if (process.env.BRANCH !== JSON.parse(readFileSync('branch.json', 'utf8'))) throw new Error(process.env.BRANCH);
if (existsSync('pwned')) throw new Error('a name was run as a command');
`;

export const hostileCommitsProof: Check = {
  name: 'hostile-commits',
  title: 'hostile names and messages are inert everywhere; code of a commit can neither sign, approve nor deploy',
  async run(run) {
    const deployment = readDeployment(run);
    const messages = await subscribeQueue(run, new SQSClient({}), run.output('ReportsTopicArn'));
    const branch = `${hostileBranch}-${run.runId}`;
    const report = `build/answers-${run.runId}.json`;
    const attempts = {
      bucket: deployment.artifactsBucket,
      keyArn: run.output('SigningKeyArn'),
      runsTable: deployment.runsTable,
      decideFunction: run.output('DecideApprovalFunctionName'),
      report,
    };
    const more = {
      ...Object.fromEntries(hostileFiles.map((name) => [name, '// nothing\n'])),
      'branch.json': JSON.stringify(branch),
      'test.mjs': testSource,
      'while-building.mjs': forbiddenCalls(attempts),
    };
    const demo = { name: `d${run.runId}`, value: run.runId, test: 'node test.mjs', more };
    const commit = await push(deployment, branch, demo, hostileMessage);
    const ended = await waitForEnd(run, deployment, 'none', commit);
    run.assertEqual(ended.status, 'passed', `the status of the run ${ended.failure}`);
    await checkTexts(run, { branch, commit, messages, deployment });
    run.assertEqual(await readAnswers(deployment, report), expectedAnswers, 'the answers to calls of the build');
  },
};

/** Checks the comment and the message about a run. */
async function checkTexts(
  run: ScenarioRun,
  about: {
    readonly branch: string;
    readonly commit: string;
    readonly messages: string;
    readonly deployment: Deployment;
  },
): Promise<void> {
  const { branch, commit, messages, deployment } = about;
  const comment = await awaitComment(run, deployment, commit);
  const [, inside = ''] = /^```\n([^]*)\n```$/.exec(comment) ?? [];
  const quoted = `Branch: ${JSON.stringify(branch).replaceAll('```', "'''")}`;
  run.assert(inside.split('\n').includes(quoted), 'the comment quotes the branch in one line of its block', comment);
  run.assert(!inside.includes('```'), 'nothing ends the block of the comment', comment);
  const sqs = new SQSClient({});
  const text = await run.eventually('the message about the run', async () => {
    const receive = new ReceiveMessageCommand({ QueueUrl: messages, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
    const { Messages = [] } = await sqs.send(receive);
    return Messages.map(({ Body = '' }) => Body).find((one) => one.includes(commit));
  });
  const lines = text.split('\n');
  run.assert(lines.includes(`Branch: ${JSON.stringify(branch)}`), 'the message quotes the branch in one line', text);
}

async function readAnswers({ s3, artifactsBucket: Bucket }: Deployment, Key: string): Promise<unknown> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return JSON.parse((await Body?.transformToString()) ?? '');
}
