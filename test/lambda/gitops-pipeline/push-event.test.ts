import { pushEventSchema, runOfHead, runOfPush, type PushEvent } from '../../../lambda/gitops-pipeline/push-event';

const commit = '3e5983'.padEnd(40, '0');
const staging = { name: 'staging', branch: 'main', stacks: '*-staging', approval: false };
const push = (detail: Partial<PushEvent['detail']> = {}): PushEvent =>
  pushEventSchema.parse({
    detail: {
      event: 'referenceUpdated',
      referenceType: 'branch',
      referenceName: 'main',
      commitId: commit,
      callerUserArn: 'arn:aws:iam::111111111111:user/alice',
      ...detail,
    },
  });

it('a push to a branch with an environment becomes its run', () => {
  expect(runOfPush(push(), [staging])).toEqual({
    id: `staging-${commit}`,
    commit,
    branch: 'main',
    environment: staging,
    pusher: 'arn:aws:iam::111111111111:user/alice',
  });
});

it('a commit on several branches without an environment is one run', () => {
  const ids = ['a', 'b'].map((referenceName) => runOfPush(push({ referenceName }), [staging])?.id);
  expect(ids).toEqual([`none-${commit}`, `none-${commit}`]);
});

it.each([
  ['a tag', { referenceType: 'tag' }],
  ['a deleted branch', { event: 'referenceDeleted' as const }],
])('%s wants no run', (_, detail) => {
  expect(runOfPush(push(detail), [staging])).toBeUndefined();
});

it('nobody is known to have pushed a head that was found', () => {
  expect(runOfHead({ branch: 'main', commit }, [staging])).not.toHaveProperty('pusher');
});

it('a commit id that is none is refused', () => {
  expect(() => runOfPush(push({ commitId: '$(reboot)' }), [staging])).toThrow();
});
