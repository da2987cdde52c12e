import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { withExplanation, type Operations } from '../command-line/operation';
import { sendDecision, showApproval } from './approval';
import { runPipelineCommand, type PipelineCommand } from './command';
import { deployAgain, releaseEnvironment, showRuns } from './runs';

const commands: Readonly<Record<string, PipelineCommand & { readonly summary: string }>> = {
  show: {
    summary: 'shows what became of a run, or lists runs that have not ended',
    argument: '',
    help: `Shows what became of a run, or lists runs that have not ended.

  npm run ops -- gitops-pipeline show [<run id>] [options]
`,
    act: showRuns,
  },
  approve: {
    summary: 'shows the difference of a run that waits for an approval; with the hash of the difference, approves it',
    argument: '<run id>',
    optional: '<difference>',
    help: `Shows the difference of a run that waits for an approval, and its hash. With the hash, approves that difference.

  npm run ops -- gitops-pipeline approve <run id> [<difference>] [options]

The request is signed with the credentials of the environment: they must be of somebody else than who pushed.
`,
    act: (deployment, runId, difference) =>
      difference === '' ? showApproval(deployment, runId) : sendDecision(deployment, runId, difference, 'approve'),
  },
  reject: {
    summary: 'rejects the deployment of a run that waits for an approval',
    argument: '<run id>',
    help: `Rejects the deployment of a run that waits for an approval.

  npm run ops -- gitops-pipeline reject <run id> [options]
`,
    act: (deployment, runId) => sendDecision(deployment, runId, undefined, 'reject'),
  },
  again: {
    summary: 'deploys the artifact of an earlier run again, such as to roll back',
    argument: '<run id>',
    help: `Deploys the artifact of an earlier run to its environment again: the same digest, with a new difference and approval.

  npm run ops -- gitops-pipeline again <run id> [options]
`,
    async act(deployment, runId) {
      const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
      return deployAgain(deployment, runId, new Date(), Arn);
    },
  },
  release: {
    summary: 'releases the lock of an environment whose run has ended',
    argument: '<environment>',
    help: `Releases the lock of an environment. It refuses while the execution of the owner is running.

  npm run ops -- gitops-pipeline release <environment> [options]
`,
    act: releaseEnvironment,
  },
};

export const operations: Operations = Object.fromEntries(
  Object.entries(commands).map(([name, command]) => [
    name,
    {
      summary: command.summary,
      run: (args: readonly string[]) =>
        withExplanation(
          () => runPipelineCommand(command, args),
          (reason) => `stopped: ${reason} (check AWS_REGION and AWS_PROFILE)`,
        ),
    },
  ]),
);
