import { createPageReader, pagingSchema, type Api } from '../../../lambda/etl-pipeline/api-pages';

const cursorPaging = pagingSchema.parse({ style: 'cursor' });
let clock = 0;
let asked: { url: URL; authorization: string; at: number }[] = [];
beforeEach(() => {
  [clock, asked] = [0, []];
});

const json = (value: unknown, init?: ResponseInit) => new Response(JSON.stringify(value), init);

/** Reader of an API that gives these answers, in order. */
function reader(answers: (Response | Error)[], more: Partial<Api> = {}) {
  const api = {
    url: 'https://api.example.com/v1?limit=2',
    token: 'secret',
    paging: cursorPaging,
    requestsPerSecond: 10,
  };
  return createPageReader(
    { ...api, ...more },
    {
      fetch: (input, init) => {
        const { authorization } = init!.headers as { authorization: string };
        asked.push({ url: input as URL, authorization, at: clock });
        const answer = answers.shift() ?? new Error('no more answers');
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
      sleep: (milliseconds) => {
        clock += milliseconds;
        return Promise.resolve();
      },
      now: () => clock,
      random: () => 1,
    },
  );
}

it('a page has its records and the cursor of the next, with the token in the header', async () => {
  const read = reader([json({ items: [{ a: 1 }], next: 'c 2' }), json({ items: [], next: null })]);
  expect(await read(undefined)).toEqual({ items: ['{"a":1}'], next: 'c 2' });
  expect(await read('c 2')).toEqual({ items: [], next: undefined });
  expect(asked.map(({ url }) => url.search)).toEqual(['?limit=2', '?limit=2&cursor=c+2']);
  expect(asked[0]!.authorization).toBe('Bearer secret');
});

it('records and cursors may be deeper in the answer, and a cursor may be a number', async () => {
  const paging = pagingSchema.parse({ style: 'cursor', items: 'data.list', next: 'meta.next', parameter: 'after' });
  const read = reader([json({ data: { list: ['x'] }, meta: { next: 12 } })], { paging });
  expect(await read('11')).toEqual({ items: ['"x"'], next: '12' });
  expect(asked[0]!.url.searchParams.get('after')).toBe('11');
});

it('pages are numbered until an empty one', async () => {
  const read = reader([json({ items: [1, 2] }), json({ items: [] })], {
    paging: pagingSchema.parse({ style: 'page' }),
  });
  expect(await read(undefined)).toEqual({ items: ['1', '2'], next: '2' });
  expect(await read('2')).toEqual({ items: [], next: undefined });
  expect(asked.map(({ url }) => url.searchParams.get('page'))).toEqual(['1', '2']);
});

it('numbers keep their digits', async () => {
  const text = '{"price":12345678901234567890.12,"zero":1.0}';
  expect((await reader([new Response(`{"items":[${text}]}`)])(undefined)).items).toEqual([text]);
});

it('requests are no closer together than the limit permits', async () => {
  const read = reader(
    [1, 2, 3].map((next) => json({ items: [], next: String(next) })),
    { requestsPerSecond: 4 },
  );
  for (const position of [undefined, '1', '2']) await read(position);
  expect(asked.map(({ at }) => at)).toEqual([0, 250, 500]);
});

it.each([
  ['429 with seconds', new Response('', { status: 429, headers: { 'retry-after': '7' } }), 7_000],
  [
    '503 with a date',
    new Response('', { status: 503, headers: { 'retry-after': 'Thu, 01 Jan 1970 00:00:09 GMT' } }),
    9_000,
  ],
  ['500', new Response('', { status: 500 }), 1_000],
  ['a reset', new TypeError('fetch failed'), 1_000],
])('%s is repeated after its time', async (_, answer, wait) => {
  const page = await reader([answer, json({ items: [] })])(undefined);
  expect(page.items).toEqual([]);
  expect(asked[1]!.at).toBe(wait);
});

it('an API that fails again and again is left alone, as is one that asks for a long wait', async () => {
  const failing = reader(Array.from({ length: 9 }, () => new Response('', { status: 502 })));
  await expect(failing(undefined)).rejects.toMatchObject({ name: 'ApiBusyError', message: 'status 502' });
  expect(asked).toHaveLength(5);
  const waiting = reader([new Response('', { status: 429, headers: { 'retry-after': '3600' } })]);
  await expect(waiting(undefined)).rejects.toMatchObject({ name: 'ApiBusyError', retryAt: clock + 3_600_000 });
});

it('a connection that fails is named by its cause, and a redirection by its status', async () => {
  const error = Object.assign(new TypeError('fetch failed'), { cause: { code: 'CERT_HAS_EXPIRED' } });
  const failing = reader(Array.from({ length: 5 }, () => error));
  await expect(failing(undefined)).rejects.toMatchObject({ name: 'ApiBusyError', message: 'CERT_HAS_EXPIRED' });
  const moved = reader([new Response('', { status: 301, headers: { location: 'https://example.com/' } })]);
  await expect(moved(undefined)).rejects.toMatchObject({
    name: 'ApiRefusedError',
    message: 'the API answered with status 301',
  });
});

it('a cursor that the API has forgotten is another error than a page that does not exist', async () => {
  await expect(reader([new Response('', { status: 410 })])('old')).rejects.toMatchObject({
    name: 'CursorExpiredError',
  });
  await expect(reader([new Response('', { status: 410 })])(undefined)).rejects.toMatchObject({
    name: 'ApiRefusedError',
  });
});

it.each([
  ['a wrong token', new Response('secret in the body', { status: 401 }), 'status 401'],
  ['no JSON', new Response('<html>secret'), 'not JSON'],
  ['no list', json({ items: 'secret' }), "no list at 'items'"],
  ['itself as the next page', json({ items: [], next: 'c' }), 'itself as the next one'],
  ['a page of 20 MB', new Response('x'.repeat(20_000_001)), 'more than 20000000 bytes'],
])('%s is refused, without a part of the answer', async (_, answer, message) => {
  const read = reader([answer])('c');
  await expect(read).rejects.toMatchObject({
    name: 'ApiRefusedError',
    message: expect.stringContaining(message) as string,
  });
  await expect(read).rejects.not.toMatchObject({ message: expect.stringContaining('secret') as string });
  expect(asked).toHaveLength(1);
});
