import { consequencesOf } from '../../../../tools/local/watch/consequences';

const slugs = ['image-resize', 'queue-processor'];
const appFiles = new Set(['bin/app.ts', 'lambda/image-resize/variants.ts']);
const of = (...changes: string[]) => consequencesOf(changes, appFiles, slugs);

test('a handler and its modules need new code, no deployment', () => {
  expect(of('lambda/image-resize/resize-image.ts')).toEqual({ template: [], handlers: true, checks: new Set() });
});

test.each([
  'lib/image-resize/image-resize-stack.ts',
  'bin/app.ts',
  'cdk.json',
  'lambda/image-resize/assets/logo.png',
  'lambda/image-resize/variants.ts',
])('%s needs a deployment', (path) => {
  expect(of('lambda/shared/deadline.ts', path).template).toEqual([path]);
});

test('a README needs nothing', () => {
  expect(of('lib/image-resize/README.md')).toEqual({ template: [], handlers: false, checks: new Set() });
});

test('checks of an architecture run again after a change of its scenario or operations', () => {
  const { checks } = of(
    'scenarios/image-resize/photo.ts',
    'scenarios/image-resize.ts',
    'operations/queue-processor/a.ts',
  );
  expect(checks).toEqual(new Set(['image-resize', 'queue-processor']));
});

test('all checks run again after a change that they share', () => {
  expect(of('scenarios/image-resize.ts', 'scenarios/shared/scenario.ts').checks).toBe('all');
  expect(of('operations/command-line/command.ts').checks).toBe('all');
});
