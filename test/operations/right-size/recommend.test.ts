import { describeUse, recommend, type FunctionUse } from '../../../operations/right-size/recommend';

const use: FunctionUse = {
  name: 'RenderDocument',
  architecture: 'x86_64',
  memoryMegabytes: 2_048,
  timeoutSeconds: 60,
  invocations: 1_000,
  usedMegabytes: 1_500,
  p50: 400,
  p99: 3_000,
  billed: 500,
};

it('costs a million invocations by memory, billed time and requests', () => {
  // 2 GB for half a second: one GB-second.
  expect(recommend(use).costPerMillion).toBeCloseTo(16.8667, 4);
  expect(recommend({ ...use, architecture: 'arm64' }).costPerMillion).toBeCloseTo(13.5334, 4);
});

it.each([
  [1_500, 2_048, 'as it should be'],
  [1_537, 2_112, 'little memory is left: give it more'],
  [700, 960, 'less memory is enough; measure its speed there first'],
  [1, 128, 'less memory is enough; measure its speed there first'],
])('with %d MB used the lower bound is %d MB', (usedMegabytes, lowestMegabytes, advice) => {
  expect(recommend({ ...use, usedMegabytes })).toMatchObject({ lowestMegabytes, advice });
});

it('a quarter of the memory stays free at the lower bound, for any use', () => {
  for (let usedMegabytes = 1; usedMegabytes < 7_000; usedMegabytes += 13) {
    const { lowestMegabytes } = recommend({ ...use, usedMegabytes });
    expect(usedMegabytes).toBeLessThanOrEqual(lowestMegabytes * 0.75);
  }
});

it('concludes nothing from few invocations, and names what is near its timeout first', () => {
  expect(recommend({ ...use, invocations: 99 }).advice).toContain('too few invocations');
  expect(recommend({ ...use, p99: 48_001, usedMegabytes: 10 }).advice).toContain('near its timeout');
});

it('shows a line for each function, and one that was not invoked without figures', () => {
  const lines = describeUse([use, { ...use, name: 'Idle', invocations: 0 }]);
  expect(lines[1]).toMatch(/^RenderDocument\s+1000\s+2048\s+1500\s+2048\s+400\s+3000\s+\$16\.87\s+as it should be$/);
  expect(lines[2]).toMatch(/^Idle\s+0\s+2048\s+not invoked$/);
});
