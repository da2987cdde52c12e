import type { RenderedPage } from '../../../lambda/document-renderer/browser/print-page';
import {
  renderDocument,
  type Claim,
  type Document,
  type RenderDependencies,
  type RenderedEvent,
} from '../../../lambda/document-renderer/render';

const request = { requestId: 'one', template: 'note', version: 1, data: { text: 'hello' } };
const thumbnail = { key: 'png', version: '1' };
const document: Document = { bucket: 'b', key: 'pdf', version: '1', pages: 1, bytes: 10, thumbnail };

function pdf(pages: number): RenderedPage {
  return { pdf: Buffer.from('<</Type /Page\n'.repeat(pages)), thumbnail: Buffer.from('png') };
}

/** Dependencies that record what was done, of a claim that succeeds. */
function dependencies(change: Partial<RenderDependencies> & { claim?: Claim; isMine?: boolean } = {}) {
  const { claim = { state: 'claimed' }, isMine = true, ...others } = change;
  const done: string[] = [];
  const published: RenderedEvent[] = [];
  const printed: string[] = [];
  const all: RenderDependencies = {
    limits: { maximumPages: 2, maximumBytes: 1_000 },
    engine: '153',
    templateOf: () => ({ format: 'html', source: '<p>{{text}}</p>' }),
    readInput: () => Promise.reject(new Error('no input')),
    renders: {
      claim: () => Promise.resolve(claim),
      finish: () => {
        done.push('finish');
        return Promise.resolve(isMine);
      },
      release: () => {
        done.push('release');
        return Promise.resolve();
      },
    },
    print: (html) => {
      printed.push(html);
      return Promise.resolve(pdf(1));
    },
    store: () => {
      done.push('store');
      return Promise.resolve(document);
    },
    publish: (event) => {
      done.push('publish');
      published.push(event);
      return Promise.resolve();
    },
    ...others,
  };
  return { all, done, published, printed };
}

it('stores a document, records it, and only then publishes it', async () => {
  const { all, done, published, printed } = dependencies();
  expect(await renderDocument(request, all)).toBe('rendered');
  expect(done).toEqual(['store', 'finish', 'publish']);
  expect(printed[0]).toContain('<p>hello</p>');
  expect(published).toMatchObject([{ requestId: 'one', key: 'pdf', pages: 1 }]);
});

it('publishes a document that is there without rendering it', async () => {
  const { all, done, printed } = dependencies({ claim: { state: 'done', document } });
  expect(await renderDocument(request, all)).toBe('reused');
  expect([done, printed]).toEqual([['publish'], []]);
});

it('waits for the attempt that has the lease', async () => {
  const { all, done } = dependencies({ claim: { state: 'busy', secondsLeft: 7 } });
  await expect(renderDocument(request, all)).rejects.toMatchObject({ name: 'RenderBusyError', retrySeconds: 7 });
  expect(done).toEqual([]);
});

it('publishes nothing if another attempt took over', async () => {
  const { all, published } = dependencies({ isMine: false });
  await expect(renderDocument(request, all)).rejects.toThrow('another attempt');
  expect(published).toEqual([]);
});

it.each([
  ['too-many-pages', pdf(3)],
  ['document-too-large', { pdf: Buffer.alloc(1_001), thumbnail: Buffer.alloc(0) }],
])('stores nothing that is %s, and releases its lease', async (reason, page) => {
  const { all, done } = dependencies({ print: () => Promise.resolve(page) });
  await expect(renderDocument(request, all)).rejects.toMatchObject({ reason });
  expect(done).toEqual(['release']);
});

it.each(['print', 'store', 'publish'] as const)(
  'a failing %s releases the lease and fails the attempt',
  async (step) => {
    const { all, done } = dependencies({ [step]: () => Promise.reject(new Error('dropped')) });
    await expect(renderDocument(request, all)).rejects.toThrow('dropped');
    expect(done.at(-1)).toBe('release');
  },
);

it('reads the data of a key', async () => {
  const { all, printed } = dependencies({ readInput: (key) => Promise.resolve(`{"text":"from ${key}"}`) });
  await renderDocument({ requestId: 'one', template: 'note', version: 1, dataKey: 'data/a' }, all);
  expect(printed[0]).toContain('<p>from data/a</p>');
});
