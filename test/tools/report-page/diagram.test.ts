import { diagramFigure } from '../../../tools/report-page/diagram';
import { runReportSchema } from '../../../tools/local/run-report';
import { sampleFacts } from '../local/sample-facts';
import { passingReport } from '../local/sample-report';

const { diagram } = sampleFacts();
const { text: html } = diagramFigure('image-resize', 'architecture-image-resize', diagram);

it('draws every node where the layout puts it, with its name, service and alarms', () => {
  for (const { name, x, y, shape } of diagram.nodes) {
    const [left, top] = [shape === 'queue' ? x + 6 : x, shape === 'store' ? y : y - 3];
    expect(html).toContain(`<text x="${left}" y="${top}">${name}</text>`);
  }
  expect(html).toContain('>SQS · 2 alarms</text>');
  expect(html.match(/class="node /g)).toHaveLength(diagram.nodes.length);
});

it('distinguishes failure paths from data in drawing and description', () => {
  expect(html.match(/class="edge failure"/g)).toHaveLength(1);
  expect(html).toContain('Upload (S3) leads to ResizeImage. Failures of ResizeImage go to Failures.');
});

it('has a name and a description with unique ids', () => {
  for (const [, id = ''] of html.matchAll(/aria-(?:labelledby|describedby)="([^"]+)"/g)) {
    expect(html).toContain(`id="${id}"`);
    expect(id).toMatch(/^architecture-image-resize-/);
  }
});

it('a report with a line that is not coordinates is invalid', () => {
  const report = passingReport();
  const [first] = report.architectures[0]?.diagram?.edges ?? [];
  Object.assign(first ?? {}, { line: 'url(#x)' });
  expect(() => runReportSchema.parse(report)).toThrow(/not SVG path data/);
});
