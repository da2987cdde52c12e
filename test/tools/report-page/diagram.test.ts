import { diagramFigure } from '../../../tools/report-page/diagram';
import { runReportSchema } from '../../../tools/local/run-report';
import { sampleFacts } from '../local/sample-facts';
import { passingReport } from '../local/sample-report';

const { diagram } = sampleFacts();
const { text: html } = diagramFigure('image-resize', 'architecture-image-resize', diagram);

it('every node stands where the layout has it, with its name, its kind and its alarms', () => {
  for (const { name, x, y, shape } of diagram.nodes)
    expect(html).toContain(`<text x="${x}" y="${shape === 'store' ? y : y - 3}">${name}</text>`);
  expect(html).toContain('>queue · 2 alarms</text>');
  expect(html.match(/class="node /g)).toHaveLength(diagram.nodes.length);
});

it('the way of a failure is told from that of data, in the drawing and in words', () => {
  expect(html.match(/class="edge failure"/g)).toHaveLength(1);
  expect(html).toContain('Upload leads to ResizeImage. What fails at ResizeImage goes to Failures.');
});

it('the drawing has a name and a description that it refers to by ids of its own', () => {
  for (const [, id = ''] of html.matchAll(/aria-(?:labelledby|describedby)="([^"]+)"/g)) {
    expect(html).toContain(`id="${id}"`);
    expect(id).toMatch(/^architecture-image-resize-/);
  }
});

it('a line of a report that is more than coordinates is refused', () => {
  const report = passingReport();
  const [first] = report.architectures[0]?.diagram?.edges ?? [];
  Object.assign(first ?? {}, { line: 'url(#x)' });
  expect(() => runReportSchema.parse(report)).toThrow(/not SVG path data/);
});
