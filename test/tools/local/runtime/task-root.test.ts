import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { currentCodeFile, faultFolderVariable } from '../../../../tools/local/faults/fault-folder';
import { taskRootOf } from '../../../../tools/local/runtime/task-root';

test('code that has replaced the deployed code is loaded, however the environment was started', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  const environment = {
    LAMBDA_TASK_ROOT: '/unpacked',
    AWS_LAMBDA_FUNCTION_NAME: 'Photos-Resize-X',
    [faultFolderVariable]: folder,
  };
  expect(taskRootOf(environment)).toBe('/unpacked');
  const file = currentCodeFile(folder, 'Photos-Resize-X');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '/replaced');
  expect(taskRootOf(environment)).toBe('/replaced');
  expect(taskRootOf({ ...environment, AWS_LAMBDA_FUNCTION_NAME: 'Photos-Other-X' })).toBe('/unpacked');
});
