import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { taggingApi } from '../../../../lambda/resource-tagger/adapters/tagging-api';

const { signal } = new AbortController();
const arns = Array.from({ length: 45 }, (_, index) => `arn:aws:sqs:eu-west-1:111122223333:q${index}`);

it('at most 20 resources are tagged at once, and each failure is that of its resource', async () => {
  const written: number[] = [];
  const send = ({ input }: { input: { ResourceARNList: string[] } }): Promise<object> => {
    written.push(input.ResourceARNList.length);
    const refused = input.ResourceARNList.filter((arn) => arn.endsWith(':q30'));
    return Promise.resolve({
      FailedResourcesMap: Object.fromEntries(
        refused.map((arn) => [arn, { ErrorCode: 'InvalidParameterException', ErrorMessage: 'no such queue' }]),
      ),
    });
  };
  const client = Object.assign(new ResourceGroupsTaggingAPIClient({ region: 'eu-west-1' }), { send });
  expect(await taggingApi(client, signal).write(arns, { by: 'me' })).toEqual([
    { arn: arns[30], name: 'InvalidParameterException', message: 'no such queue' },
  ]);
  expect(written).toEqual([20, 20, 5]);
});

it('tags are read by resource', async () => {
  const Tags = [{ Key: 'team', Value: 'blue' }];
  const send = () => Promise.resolve({ ResourceTagMappingList: [{ ResourceARN: arns[0], Tags }] });
  const client = Object.assign(new ResourceGroupsTaggingAPIClient({ region: 'eu-west-1' }), { send });
  expect([...(await taggingApi(client, signal).read(arns.slice(0, 2)))]).toEqual([[arns[0], { team: 'blue' }]]);
});
