import * as fc from 'fast-check';
import { join } from 'node:path';
import { pageOf, type Template } from '../../../lambda/document-renderer/page';
import { Templates } from '../../../lambda/document-renderer/templates';

const html = (source: string): Template => ({ format: 'html', source });
const markdown = (source: string): Template => ({ format: 'md', source });

/** Content of the page's body. */
function bodyOf(template: Template, data: Record<string, unknown>): string {
  return /<body>([\s\S]*)<\/body>/.exec(pageOf(template, data))?.[1]?.trim() ?? '';
}

it('escapes data in HTML', () => {
  expect(bodyOf(html('<p title="{{a}}">{{a}}</p>'), { a: `<b>"&'` })).toBe(
    '<p title="&lt;b&gt;&quot;&amp;&#39;">&lt;b&gt;&quot;&amp;&#39;</p>',
  );
});

it('renders Markdown of the data without its raw HTML, and without links that run scripts', () => {
  const a = '**bold** <script>alert(1)</script> [link](javascript:alert(1))';
  const body = bodyOf(html('{{markdown a}}'), { a });
  expect(body).toContain('<strong>bold</strong> &lt;script&gt;');
  expect(body).not.toContain('href');
});

it('text in a Markdown template is shown as it is, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from('<>&*_`#[](){}!|~\\- aא😀')) }), (a) => {
      const text = bodyOf(markdown('x {{a}} x'), { a })
        .replaceAll(/^<p>|<\/p>$/g, '')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&amp;', '&');
      expect(text.replaceAll(/\s+/g, ' ')).toBe(`x ${a} x`.replaceAll(/\s+/g, ' '));
    }),
  );
});

it('no data opens an element in an HTML template', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from('<>/{}#"=a ')) }), (a) => {
      expect(bodyOf(html('<i>{{a}}</i>'), { a }).match(/</g)).toHaveLength(2);
    }),
  );
});

it('repeats for the items of a list, and looks a name up in the item before the outside', () => {
  const source = '{{#each rows}}{{name}}{{unit}},{{/each}}{{#if none}}never{{/if}}';
  expect(bodyOf(html(source), { rows: [{ name: 1 }, { name: 2, unit: 'g' }], unit: 'kg', none: [] })).toBe('1kg,2g,');
});

it.each([
  ['請求書', 'Han'],
  ['ひらがな', 'Hiragana'],
  ['청구서', 'Hangul'],
  ['ใบแจ้งหนี้', 'Thai'],
  ['ဘ', 'a script in the text'],
])('refuses %s, which no font has, by its script', (a, script) => {
  expect(() => pageOf(html('{{a}}'), { a: `Invoice ${a}` })).toThrow(`no-font: no font has letters of ${script}`);
});

it.each(['Łódź Ελληνικά Кириллица שלום تقرير ٢٠٢٦ 👩‍🚀 e\u0301 ½ ≤ €', '\u0000\uFEFF\uD800\uE000\u{10FFFF}'])(
  'prints %j, whose letters are there or have none',
  (a) => {
    expect(bodyOf(html('{{a}}'), { a })).toBe(a);
  },
);

it('inserted data is not read as a template', () => {
  expect(bodyOf(html('{{a}}'), { a: '{{b}}', b: 'secret' })).toBe('{{b}}');
});

it.each(['missing', 'constructor', '__proto__', 'a.length', 'list'])(
  'refuses data without the text %s by its name',
  (path) => {
    expect(() => pageOf(html(`{{${path}}}`), { a: 'x', list: [] })).toThrow(`data-incomplete: the template needs`);
  },
);

it('every template of the project is well-formed, and names what exists where it is unknown', () => {
  const templates = new Templates(join(__dirname, '../../../lambda/document-renderer/assets'));
  for (const name of ['invoice', 'letter', 'report']) {
    expect(() => pageOf(templates.get(name, 1), {})).toThrow('data-incomplete');
  }
  expect(() => templates.get('invoice', 2)).toThrow('unknown-template: use one of invoice.v1, letter.v1, report.v1');
});
