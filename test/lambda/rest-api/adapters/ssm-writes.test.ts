import { SSMClient } from '@aws-sdk/client-ssm';
import { writesAcceptedBy } from '../../../../lambda/rest-api/adapters/ssm-writes';
import { jsonRefusal } from '../../../fakes/json-service';
import { FakeParameters } from '../test-api';

const setUp = () => {
  const parameters = new FakeParameters();
  const clock = { milliseconds: 1_767_225_600_000 };
  const warnings: string[] = [];
  const accepted = writesAcceptedBy({
    client: new SSMClient(parameters.clientConfig),
    name: 'Writes',
    cachedMilliseconds: 30_000,
    now: () => clock.milliseconds,
    warn: (errorName) => warnings.push(errorName),
  });
  return { parameters, clock, warnings, accepted };
};

it('follows a change within the time that a value is kept, and reads no more often', async () => {
  const { parameters, clock, accepted } = setUp();
  expect(await accepted()).toBe(true);
  parameters.value = 'paused';
  clock.milliseconds += 29_999;
  expect(await accepted()).toBe(true);
  expect(parameters.operations).toHaveLength(1);
  clock.milliseconds += 1;
  expect(await accepted()).toBe(false);
  parameters.value = 'accepted';
  clock.milliseconds += 30_000;
  expect(await accepted()).toBe(true);
  expect(parameters.operations).toHaveLength(3);
});

it('keeps the value before where the parameter cannot be read or has another value', async () => {
  const { parameters, clock, warnings, accepted } = setUp();
  parameters.value = 'paused';
  expect(await accepted()).toBe(false);
  parameters.before = () => jsonRefusal('ParameterNotFound');
  clock.milliseconds += 30_000;
  expect(await accepted()).toBe(false);
  parameters.before = () => undefined;
  parameters.value = 'Accepted';
  clock.milliseconds += 30_000;
  expect(await accepted()).toBe(false);
  expect(warnings).toEqual(['ParameterNotFound', 'UnknownValue']);
});

it('waits for no second attempt before the time has passed, so that an outage slows few requests', async () => {
  const { parameters, clock, warnings, accepted } = setUp();
  parameters.before = () => jsonRefusal('AccessDeniedException');
  expect(await accepted()).toBe(true);
  clock.milliseconds += 29_999;
  expect(await accepted()).toBe(true);
  expect(warnings).toEqual(['AccessDeniedException']);
});
