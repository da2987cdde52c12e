import { PutObjectCommand } from '@aws-sdk/client-s3';
import { hasAwsCli, runCommand, type CommandOptions } from '../shared/runbook-commands';
import { deleteKeys, keysUnder } from '../shared/s3-keys';
import type { Check, ScenarioRun } from '../shared/scenario';
import { backUp, startBackup, waitForEnd } from './executions';
import { flipBit, prepare, putNumbered, type Fixture } from './fixture';

const objectCount = 6;

export const runbookProof: Check = {
  name: 'runbook',
  title: 'the commands of the runbook find a damaged copy, repair it, and restore what the backup has',
  async run(run) {
    const fixture = prepare(run);
    const { deployment, prefix, day } = fixture;
    const { s3, sourceBucket } = deployment;
    const objects = await putNumbered(run, fixture, objectCount, () => 1_000);
    const archived = `${prefix}archived`;
    await s3.send(new PutObjectCommand({ Bucket: sourceBucket, Key: archived, Body: 'cold', StorageClass: 'GLACIER' }));
    await backUp(run, deployment, day);

    const verify = 'restore --day <day> --verify';
    await run.step('verify', async () => {
      const intact = await restore(run, verify, { values: { day } });
      run.assert(intact.includes('every copy matches its source'), 'the verification passes', intact);
      await flipBit(deployment, `${day}/${prefix}0`, run.random());
      const damaged = await restore(run, verify, { values: { day }, exitCode: 1 });
      run.assert(damaged.includes(`other-checksum: ${prefix}0`), 'the verification names the copy', damaged);
    });
    await run.step('start the day again', () => startAgain(run, fixture));
    await restore(run, verify, { values: { day } });

    await deleteKeys(s3, sourceBucket, [...objects.map(({ key }) => key), archived]);
    await run.step('restore', async () => {
      const values = { day, prefix: `${prefix}0` };
      const dryRun = await restore(run, 'restore --day <day> --dry-run', { values, exitCode: 1 });
      run.assert(dryRun.includes(`not backed up (archived): ${archived}`), 'the dry run names the gap', dryRun);
      run.assertEqual(await keysUnder(s3, sourceBucket, prefix), [], 'objects after the dry run');
      const one = await restore(run, 'restore --day <day> --prefix <prefix>', { values });
      run.assert(one.includes('1 restored'), 'one object is restored', one);
      const all = await restore(run, 'restore --day <day>', { values, exitCode: 1 });
      run.assert(all.includes(`${objectCount - 1} objects restored`), 'the others are restored', all);
      const keys = objects.map(({ key }) => key).toSorted();
      run.assertEqual((await keysUnder(s3, sourceBucket, prefix)).toSorted(), keys, 'objects after the restore');
      const wrong = await restore(run, 'restore --day <day>', { values: { day: '1970-01-02' }, exitCode: 2 });
      run.assert(wrong.includes('there is no backup of 1970-01-02'), 'a day without a backup is refused', wrong);
    });
  },
};

/** Runs `npm run ops -- scheduled-backup …`. */
function restore(run: ScenarioRun, command: string, options: CommandOptions): Promise<string> {
  return runCommand(run, 'scheduled-backup', `npm run ops -- scheduled-backup ${command}`, options);
}

async function startAgain(run: ScenarioRun, { deployment, day }: Fixture): Promise<void> {
  if (!(await hasAwsCli())) {
    run.log('the AWS CLI is not installed: the requests of the runbook are sent by the SDK');
    await waitForEnd(run, deployment, await startBackup(deployment, day));
    return;
  }
  const values = { day, BackupStateMachineArn: deployment.backupMachine };
  const aws = (command: string): Promise<string> => runCommand(run, 'scheduled-backup', command, { values });
  const started = await aws(
    `aws stepfunctions start-execution --state-machine-arn <BackupStateMachineArn> --input '{"day":"<day>"}'`,
  );
  const { executionArn } = JSON.parse(started) as { executionArn: string };
  const listed = await aws(
    'aws stepfunctions list-executions --state-machine-arn <BackupStateMachineArn> --max-results 10',
  );
  run.assert(listed.includes(executionArn), 'the execution is listed');
  const schedules = await aws("aws scheduler list-schedules --query 'Schedules[].[Name,State]'");
  run.assert(schedules.includes('ENABLED'), 'the schedule is listed', schedules);
  const { status, cause = '' } = await waitForEnd(run, deployment, executionArn);
  run.assertEqual(status, 'SUCCEEDED', `status of the repair ${cause}`);
}
