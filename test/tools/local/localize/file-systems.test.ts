import { fileSystems } from '../../../../tools/local/localize/file-systems';
import { assemblyOf, host, nodeFunction, templateOf } from './small-assembly';

test('a mounted file system becomes a local folder, in the variables that name it too', () => {
  const assembly = assemblyOf({
    Resize: nodeFunction({
      FileSystemConfigs: [{ Arn: 'arn', LocalMountPath: '/mnt/models' }],
      Environment: { Variables: { MODELS: '/mnt/models', LARGE: '/mnt/models/large', OTHER: '/mnt/models-2' } },
    }),
    Plain: nodeFunction(),
  });
  expect(fileSystems.apply(assembly, host)).toEqual(['Photos/Resize']);
  const properties = templateOf(assembly).Resources['Resize']?.Properties;
  expect(properties).not.toHaveProperty('FileSystemConfigs');
  expect(properties?.['Environment']).toEqual({
    Variables: { MODELS: host.fileSystems, LARGE: `${host.fileSystems}/large`, OTHER: '/mnt/models-2' },
  });
});
