import { approvalWorkflowSettings } from '../../../lib/approval-workflow/approval-workflow-settings';
import { loadSettings } from '../../../lib/config';

const load = (settings: unknown) =>
  loadSettings({ 'approval-workflow': settings }, 'approval-workflow', approvalWorkflowSettings);

it('nobody may ask until the owner has put people into the policy', () => {
  expect(load({}).policy).toMatchObject({ people: {}, teams: {}, autoApproveDollars: 0 });
});

it.each([
  [{ policy: { people: {} } }, 'approval-workflow.policy'],
  [{ startScripts: { none: 'x' } }, 'use another name than none'],
  [{ startScripts: { docker: 'x'.repeat(5_000) } }, 'use at most 4096 bytes of JSON'],
  [{ sizes: {} }, 'use at least one size'],
  [{ sizes: { small: { instanceType: 't3.small', hourlyDollars: -1 } } }, 'hourlyDollars'],
  [{ approvalSeconds: 3_600, reminderSeconds: 3_600 }, 'use less than approvalSeconds (3600)'],
  [{ senderEmail: 'nobody' }, 'approval-workflow.senderEmail: received "nobody": use a valid email'],
  [{ amiParameter: 'ami-1' }, 'use one of /aws/service/ami-amazon-linux-latest/'],
  [
    { amiParameter: '/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id' },
    'use one of',
  ],
  [{ systemsManager: { vpcId: 'vpc-0a1b2c3d' } }, 'approval-workflow.systemsManager'],
  [
    { systemsManager: { vpcId: 'vpc-0a1b2c3d', subnetIds: [], endpointGroupId: 'sg-0a1b2c3d' } },
    'approval-workflow.systemsManager',
  ],
  [{ timeout: 10 }, "unknown key 'timeout'"],
])('%j is refused in one line', (settings, message) => {
  expect(() => load(settings)).toThrow(message);
});
