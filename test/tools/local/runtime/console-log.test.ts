import { failureLine, patchConsole, type ConsoleSettings } from '../../../../tools/local/runtime/console-log';

function patched(format: string, level?: string) {
  const lines: string[] = [];
  const settings: ConsoleSettings = {
    format,
    level,
    requestId: () => 'r-1',
    write: (line) => lines.push(line),
    now: () => new Date('2026-01-02T03:04:05.678Z'),
  };
  const target = { ...console };
  patchConsole(target, settings);
  return { target, lines, settings, json: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

const head = { timestamp: '2026-01-02T03:04:05.678Z', requestId: 'r-1' };

test('a line of text has time, request id, level and message, without line breaks', () => {
  const { target, lines } = patched('Text');
  target.log('a %s', 'b', { c: 1 });
  target.error('one\ntwo');
  expect(lines).toEqual([
    '2026-01-02T03:04:05.678Z\tr-1\tINFO\ta b { c: 1 }\n',
    '2026-01-02T03:04:05.678Z\tr-1\tERROR\tone\rtwo\n',
  ]);
});

test('with JSON logging each level is an object', () => {
  const { target, json } = patched('JSON', 'TRACE');
  target.trace('t');
  target.debug('d');
  target.info('i');
  target.log('l');
  target.warn('w');
  target.error('e');
  expect(json()).toEqual([
    { ...head, level: 'TRACE', message: 't' },
    { ...head, level: 'DEBUG', message: 'd' },
    { ...head, level: 'INFO', message: 'i' },
    { ...head, level: 'INFO', message: 'l' },
    { ...head, level: 'WARN', message: 'w' },
    { ...head, level: 'ERROR', message: 'e' },
  ]);
});

test('one object is logged as such; several values become text, with the fields of an error', () => {
  const { target, json } = patched('JSON');
  target.log({ key: 'a.jpg' });
  target.error('failed:', new TypeError('x'));
  expect(json()[0]).toEqual({ ...head, level: 'INFO', message: { key: 'a.jpg' } });
  expect(json()[1]).toMatchObject({ level: 'ERROR', errorType: 'TypeError', errorMessage: 'x' });
});

test('messages below the level are hidden, in JSON only', () => {
  const [json, text] = [patched('JSON', 'WARN'), patched('Text', 'WARN')];
  for (const { target } of [json, text]) {
    target.info('i');
    target.warn('w');
  }
  expect([json.lines.length, text.lines.length]).toEqual([1, 2]);
});

test('the default level is INFO', () => {
  const { target, lines } = patched('JSON');
  target.debug('d');
  expect(lines).toEqual([]);
});

test('circular objects and bigints can be logged', () => {
  const { target, json } = patched('JSON');
  const circle: { self?: unknown } = {};
  circle.self = circle;
  target.log(circle);
  target.log(10n);
  expect(json().map(({ message }) => message)).toEqual([expect.stringContaining('Circular'), '10']);
});

test('a failed invocation is logged with its error, as text and as JSON', () => {
  const error = Object.assign(new RangeError('too far'), { code: 'E1' });
  expect(failureLine('Invoke Error', error, patched('Text').settings)).toMatch(
    /\tr-1\tERROR\tInvoke Error \t\{"errorType":"RangeError","errorMessage":"too far","code":"E1","stack":\[/,
  );
  const line = JSON.parse(failureLine('Invoke Error', error, patched('JSON').settings)) as Record<string, unknown>;
  expect(line).toMatchObject({
    ...head,
    level: 'ERROR',
    message: { errorType: 'RangeError', errorMessage: 'too far' },
  });
});
