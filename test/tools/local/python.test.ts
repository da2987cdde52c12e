import { findPython, type Probe } from '../../../tools/local/python';

const machine =
  (versions: Record<string, string>): Probe =>
  (command) =>
    Promise.resolve(versions[command]);

test('the first command that is new enough is used', async () => {
  const versions = machine({ python3: '3.9.18', 'python3.12': '3.12.4', 'python3.11': '3.11.7' });
  expect(await findPython(undefined, versions)).toEqual({ command: 'python3.12', version: '3.12.4' });
});

test('3.10 is new enough', async () => {
  expect(await findPython(undefined, machine({ python3: '3.10.0' }))).toEqual({
    command: 'python3',
    version: '3.10.0',
  });
});

test('only the command in PYTHON is used if it is set', async () => {
  const versions = machine({ python3: '3.12.0', '/opt/python': '3.13.1' });
  expect((await findPython('/opt/python', versions)).command).toBe('/opt/python');
  await expect(findPython('/opt/other', versions)).rejects.toThrow('none was found as PYTHON=/opt/other');
});

test.each([
  [{}, 'none was found as python3 and python3.10 to python3.14'],
  [{ python3: '3.9.2' }, 'is needed, but python3 is 3.9.2: install'],
])('without one, the error names what was found and the fix (%j)', async (versions, seen) => {
  const error = await findPython(undefined, machine(versions)).then(() => 'found', String);
  expect(error).toContain(seen);
  expect(error).toMatch(/^PythonNotFoundError: Python 3\.10 or newer .* install it .* or set PYTHON/);
  expect(error).not.toContain('\n');
});
