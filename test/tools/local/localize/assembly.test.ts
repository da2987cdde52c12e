import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Assembly, listOf, mapJson, nameOf, resourcesOf } from '../../../../tools/local/localize/assembly';
import { assemblyOf, handlerHash, nodeFunction, writeAssembly } from './small-assembly';

test('a function is found by its type and named by its construct path', () => {
  const assembly = assemblyOf({ Resize: nodeFunction(), Bucket: { Type: 'AWS::S3::Bucket' } });
  expect(resourcesOf(assembly, 'AWS::Lambda::Function').map(nameOf)).toEqual(['Photos/Resize']);
});

test('a resource without a construct path is named by its logical id', () => {
  const assembly = assemblyOf({ Bucket: { Type: 'AWS::S3::Bucket' } });
  expect(resourcesOf(assembly).map(nameOf)).toEqual(['Photos/Bucket']);
});

test('the folder of a function is the asset that its code names', () => {
  const assembly = assemblyOf({ Resize: nodeFunction() });
  const [stack] = assembly.stacks;
  const folder = assembly.assetFolder(stack!, { S3Key: `${handlerHash}.zip` });
  expect(basename(folder ?? '')).toBe(`asset.${handlerHash}`);
  expect(assembly.assetFolder(stack!, { S3Key: 'elsewhere.zip' })).toBeUndefined();
  expect(assembly.assetFolder(stack!, { ZipFile: 'code' })).toBeUndefined();
});

test('changes of a template are on disk after writing', () => {
  const folder = writeAssembly({ Bucket: { Type: 'AWS::S3::Bucket' } });
  const assembly = Assembly.read(folder);
  assembly.stacks[0]!.template.Resources['Bucket']!.Properties = { BucketName: 'b' };
  assembly.write();
  expect(JSON.parse(readFileSync(join(folder, 'Photos.template.json'), 'utf8'))).toEqual({
    Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'b' } } },
  });
});

test('only a stack whose template was changed counts as changed', () => {
  const assembly = assemblyOf({ Bucket: { Type: 'AWS::S3::Bucket' } });
  expect(assembly.changes().stacks).toEqual([]);
  delete assembly.stacks[0]!.template.Resources['Bucket'];
  expect(assembly.changes().stacks).toHaveLength(1);
});

test('undefined, one value and a list are all lists', () => {
  expect([listOf(undefined), listOf('a'), listOf(['a', 'b'])]).toEqual([[], ['a'], ['a', 'b']]);
});

test('a value is replaced at any depth', () => {
  const changed = mapJson({ a: [{ b: 1 }, 2], c: 'x' }, (value) => (value === 1 ? 'one' : value));
  expect(changed).toEqual({ a: [{ b: 'one' }, 2], c: 'x' });
});
