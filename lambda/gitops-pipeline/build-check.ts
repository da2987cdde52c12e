import type { BuildFacts } from './build-outcome';
import type { Run } from './run';
import { ArtifactRefusedError } from './statement';

/**
 * Checks that the stored object is what CodeBuild says that this run's build has written.
 *
 * The role of the build project may write the objects of all runs: a build that overwrites another's is found here.
 *
 * @throws ArtifactRefusedError
 */
export function checkBuild(
  build: BuildFacts | undefined,
  expected: { readonly run: Run; readonly projectArn: string; readonly digest: string },
): BuildFacts {
  const { run, projectArn, digest } = expected;
  if (build === undefined) throw new ArtifactRefusedError(`CodeBuild knows no build of ${run.id}`);
  const comparisons = {
    status: ['SUCCEEDED', build.status],
    project: [projectArn.split('/').at(-1), build.project],
    run: [run.id, build.variables['RUN_ID']],
    commit: [run.commit, build.commit],
    digest: [build.artifactDigest ?? 'one from CodeBuild', digest],
  } as const;
  for (const [name, [wanted, got]] of Object.entries(comparisons)) {
    if (wanted === got) continue;
    throw new ArtifactRefusedError(`${name} of build ${build.id}: expected ${String(wanted)}, got ${String(got)}`);
  }
  return build;
}
