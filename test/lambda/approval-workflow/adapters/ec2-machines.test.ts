import {
  launch,
  NoCapacityError,
  stateOf,
  terminate,
} from '../../../../lambda/approval-workflow/adapters/ec2-machines';
import { clientToken, startScriptOf, tagsOf } from '../../../../lambda/approval-workflow/machine';
import { record } from '../sample-request';

/** Client whose answers are given in order; an error is thrown. */
function clientWith(...answers: unknown[]) {
  const sent: { readonly name: string; readonly input: object }[] = [];
  const send = (command: { input: object }): Promise<never> => {
    sent.push({ name: command.constructor.name, input: command.input });
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : (Promise.resolve(answer) as Promise<never>);
  };
  return { client: { send } as never, sent };
}

const named = (name: string): Error => Object.assign(new Error(name), { name });
const props = {
  clientToken: clientToken(record.requestId, 0),
  amiId: 'ami-1',
  instanceType: 't3.small',
  subnetId: 'subnet-1',
  securityGroupId: 'sg-1',
  instanceProfileArn: 'arn:profile',
  diskGigabytes: 20,
  startScript: '#!/bin/sh',
  tags: tagsOf(record, 'ApprovalWorkflow'),
};
const found = (...states: string[]) => ({
  Reservations: [{ Instances: states.map((Name, index) => ({ InstanceId: `i-${index}`, State: { Name } })) }],
});

it('a machine has a token, IMDSv2, an encrypted volume and no public address', async () => {
  const { client, sent } = clientWith({ Instances: [{ InstanceId: 'i-1' }] });
  expect(await launch(client, props)).toBe('i-1');
  expect(props.clientToken.length).toBeLessThanOrEqual(64);
  expect(sent[0]?.input).toMatchObject({
    ClientToken: props.clientToken,
    MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
    BlockDeviceMappings: [{ Ebs: { Encrypted: true, DeleteOnTermination: true } }],
    NetworkInterfaces: [{ SubnetId: 'subnet-1', AssociatePublicIpAddress: false }],
    TagSpecifications: [{ ResourceType: 'instance' }, { ResourceType: 'volume' }],
  });
});

it.each(['InsufficientInstanceCapacity', 'InsufficientFreeAddressesInSubnet', 'Unsupported'])(
  '%s is definite: another subnet may be tried',
  async (name) => {
    await expect(launch(clientWith(named(name)).client, props)).rejects.toThrow(NoCapacityError);
  },
);

it.each(['TimeoutError', 'RequestLimitExceeded', 'InternalError'])(
  '%s may have launched it: the same call is repeated',
  async (name) => {
    await expect(launch(clientWith(named(name)).client, props)).rejects.toMatchObject({ name });
  },
);

it('with other settings since the first attempt its machine is found, not another launched', async () => {
  const { client, sent } = clientWith(named('IdempotentParameterMismatch'), found('terminated', 'running'));
  expect(await launch(client, props)).toBe('i-1');
  expect(sent.map(({ name }) => name)).toEqual(['RunInstancesCommand', 'DescribeInstancesCommand']);
});

it.each([
  [[], 'pending'],
  [['pending'], 'pending'],
  [['running'], 'running'],
  [['shutting-down'], 'gone'],
  [['stopped'], 'gone'],
])('an instance described as %j is %s', async (states, state) => {
  expect(await stateOf(clientWith(found(...states)).client, 'i-0')).toBe(state);
});

it('a machine that is gone already is terminated without an error', async () => {
  await terminate(clientWith(named('InvalidInstanceID.NotFound')).client, 'i-1', false);
  await expect(terminate(clientWith(named('UnauthorizedOperation')).client, 'i-1', false)).rejects.toThrow();
});

it('a start script goes by its name', () => {
  expect(startScriptOf('{}', 'none')).toBe('');
  expect(startScriptOf('{"docker":"#!/bin/sh"}', 'docker')).toBe('#!/bin/sh');
  expect(() => startScriptOf('{}', 'docker')).toThrow('no start script docker');
});
