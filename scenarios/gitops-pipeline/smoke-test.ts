import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { Check } from '../shared/scenario';
import { cleanUpStacks, awaitComment, deployedValue, push, readDeployment, waitForEnd } from './deployment';

export const smokeTest: Check = {
  name: 'commit-to-stack',
  title: 'a pushed commit is scanned, built, tested, signed and deployed, and its smoke test passes',
  async run(run) {
    const deployment = readDeployment(run);
    const name = `d${run.runId}`;
    cleanUpStacks(run, deployment, name);
    const commit = await run.step('push a commit', () => push(deployment, 'main', { name, value: run.runId }));
    const ended = await run.step('wait for the end of its run', () => waitForEnd(run, deployment, 'staging', commit));
    run.assertEqual(ended.status, 'deployed', `the status of the run ${ended.failure}`);
    const value = await deployedValue(deployment, `${name}-staging`);
    run.assertEqual(value, run.runId, 'the stack of the environment has the value of the commit');
    const other = await deployedValue(deployment, `${name}-prod`);
    run.assertEqual(other, undefined, 'the stack of the other environment is not deployed');
    const comment = await awaitComment(run, deployment, commit);
    for (const part of ['Pipeline deployed', ended.digest, 'Step deploy 0: SUCCEEDED', `${name}-staging`]) {
      run.assert(comment.includes(part), `the comment on the commit has ${part}`, comment);
    }
    const { Body } = await deployment.s3.send(
      new GetObjectCommand({ Bucket: deployment.artifactsBucket, Key: ended.artifact['statementKey'] }),
    );
    const envelope = JSON.parse((await Body?.transformToString()) ?? '') as { payload: string };
    const statement = JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as {
      subject: { digest: { sha256: string } }[];
    };
    run.assertEqual(statement.subject[0]?.digest.sha256, ended.digest, 'the statement is about the deployed artifact');
  },
};
