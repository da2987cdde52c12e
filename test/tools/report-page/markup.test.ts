import fc from 'fast-check';
import { codePoint } from '../../code-points';
import { markup, trusted } from '../../../tools/report-page/markup';

describe('markup', () => {
  it('escapes every text, in an attribute as between tags', () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), (text) => {
        const between = markup`<p title="${text}">${text}</p>`.text;
        const [, attribute = '?', content = '?'] = /^<p title="([^"<>']*)">([^"<>']*)<\/p>$/.exec(between) ?? [];
        expect(attribute).toBe(content);
        expect(content.replaceAll(/[\n\t]/g, '')).not.toMatch(/\p{Cc}|\p{Cs}/u);
        expect(content.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
      }),
    );
  });

  it('leaves text of all scripts as it is', () => {
    expect(markup`${'Zürich 東京 🐈 a+b%20\tend\n'}`.text).toBe('Zürich 東京 🐈 a+b%20\tend\n');
  });

  it('shows control characters as signs and drops the colors of a terminal', () => {
    expect(markup`${'a\u0000b\u0007c\u001b[31mred\u001b[39m\r\nd\ud800'}`.text).toBe('a␀b␇cred\nd\ufffd');
  });

  it('does not escape markup within markup again', () => {
    expect(markup`<b>${markup`<i>${'<'}</i>`}</b>${trusted('<hr>')}`.text).toBe('<b><i>&lt;</i></b><hr>');
  });

  it('joins lists and omits false and undefined, but not zero or empty text', () => {
    expect(markup`${['<', 1, [markup`<br>`]]}${false}${undefined}${0}${''}`.text).toBe('&lt;1<br>0');
  });
});
