import { renderReportPage } from '../../../tools/report-page/report-page';
import { runReportSchema, type RunReport } from '../../../tools/local/run-report';
import type { PictureReport } from '../../../tools/scenario-runner/scenario-report';
import { failingReport, passingReport, undeployedReport } from '../local/sample-report';
import { tinyPicture, tinyPictures } from '../local/tiny-pictures';

const page = (report: RunReport): string => renderReportPage(report, tinyPicture);

/** Visible text: between the tags, with entities and white space resolved. */
function textOf(html: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return html
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole)
    .replace(/\s+/g, ' ');
}

const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Every string in a value, however deep. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

it('the page of a run in an account names account and region, and no emulator', () => {
  const { emulator: _, rules: __, ...others } = passingReport();
  const architectures = others.architectures.map((one) => ({ ...one, limits: [] }));
  const account = { id: '123456789012', region: 'eu-west-1' };
  const report = runReportSchema.parse({ ...others, architectures, rules: [], account });
  const html = page(report);
  expect(textOf(html)).toContain('AWS account 123456789012 eu-west-1');
  expect(html).toContain('Run in an account</title>');
  expect(html).not.toContain('Emulator');
});

describe('the page of a passed run', () => {
  const report = passingReport();
  const html = page(report);
  const text = textOf(html);

  it('has architectures, result, duration and start at the top', () => {
    const top = textOf(html.slice(html.indexOf('<header'), html.indexOf('</header>')));
    for (const expected of ['image-resize', 'Passed', '2 passed, 0 failed', '47.9 s', '21 November 2026, 09:05 UTC'])
      expect(top).toContain(expected);
    expect(text).not.toContain('Failures of the run');
    expect(html).not.toContain('class="failures"');
  });

  it('has every check, step, assertion and metric', () => {
    for (const check of report.scenarios?.checks ?? []) {
      const { title, steps, assertions, metrics } = check;
      const expected = [{ title }, steps.map((step) => step.title), assertions, metrics].flatMap(stringsIn);
      for (const one of expected) expect(text).toContain(one);
    }
    expect(text).toContain('1,284,330');
    expect(text).toMatch(/6\.4 s last manifest|last manifest after the last upload 6\.4 s/);
  });

  it('has every phase, output, overridden setting and limit', () => {
    const [architecture] = report.architectures;
    const expected = [report.phases, architecture?.outputs, architecture?.limits].flatMap(stringsIn);
    for (const one of expected) expect(text).toContain(one);
    expect(text).toContain('{"cacheControl":"no-store"}');
    for (const name of Object.keys({ ...architecture?.outputs, ...architecture?.overrides }))
      expect(text).toContain(name);
  });

  it('lists the reason and the resources of each rule', () => {
    for (const { name, reason, touched } of report.rules)
      for (const one of [name, reason, ...touched]) expect(text).toContain(one);
  });

  it('has a navigation to each section', () => {
    const links = /<nav class="sections".*?<\/nav>/s.exec(html)?.[0] ?? '';
    const targets = [...links.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(targets).toEqual(['overview', 'architecture-image-resize', 'emulator']);
    for (const id of targets) expect(html).toContain(` id="${id}"`);
  });

  it('draws when each phase and check ran, in the share of the whole time', () => {
    expect(html).toMatch(/<span>deploy<\/span>.*left:29\.02%;width:14\.41%/);
    expect(html).toMatch(/<span>image-resize<\/span>.*left:43\.63%.*left:73\.49%/);
  });

  it('has a table with the invocations of each function', () => {
    expect(text).toContain('ResizeImage 24 0 2 3 412 ms 2.3 s 318 MB');
  });

  it('shows the flow of data', () => {
    expect(text).toContain('photo → Upload bucket → ResizeImage → Resized bucket');
  });

  it('shows pictures with alternative texts, and hides animations with reduced motion', () => {
    const images = [...html.matchAll(/<img [^>]*>/g)].map(([tag]) => tag);
    expect(images).toHaveLength(16);
    expect(images[0]).toMatch(/src="data:image\/jpeg;base64,[\w+/=]+" alt="a cat: chelsea\.jpg"/);
    expect(html.match(/Play the animation/g)).toHaveLength(1);
  });

  it('indents a step by its depth, and names the level for screen readers', () => {
    expect(html).toMatch(/--depth: ?2"><span class="hidden">level 3, <\/span>.*compare its corners/);
  });
});

describe('the page of a failed run', () => {
  it('begins with the failures and links to them', () => {
    const html = page(failingReport());
    const target = /<section class="failures".*?href="#([^"]+)"/s.exec(html)?.[1] ?? 'none';
    expect(html).toContain(`id="${target}" open`);
    expect(textOf(html)).toContain('failed: the queue holds one failure it holds 0 after 180 s');
  });

  it('has the log lines of its functions and the command that repeats it', () => {
    const report = failingReport();
    const check = report.scenarios?.checks.at(-1);
    if (check) check.functionErrors = [{ function: 'Resize', error: 'TypeError: x', count: 3, lines: ['line one'] }];
    const text = textOf(page(report));
    expect(text).toContain('Resize failed: TypeError: x 3 times Last log lines line one');
    expect(text).toContain('Repeat with npm run prove -- image-resize --only');
    expect(text).toContain('Resize failed: TypeError: x (3 times)');
  });

  it('has errors and stack traces in full, and repeats no error for outer steps', () => {
    const report = failingReport();
    const failed = report.scenarios?.checks.at(-1);
    const html = page(report);
    expect(textOf(html)).toContain(flat(failed?.error?.stack ?? 'no stack'));
    const steps = /<section class="steps">(?:(?!<section).)*wait for the failure.*?<\/section>/s.exec(html)?.[0] ?? '';
    expect(steps.match(/AssertionError/g)).toHaveLength(1);
  });

  it('names the reason why nothing was deployed, without the colors of a terminal', () => {
    const text = textOf(page(undeployedReport()));
    expect(text).toContain('ImageResize failed: ToolkitError: ImageResize: creation failed UPDATE_FAILED');
    for (const expected of ['none ran', 'Not run', 'The stack was not deployed.']) expect(text).toContain(expected);
  });

  it('shows a failed assertion above hundreds of folded ones', () => {
    const report = failingReport();
    const many = Array.from({ length: 200 }, (_, index) => ({ assertion: `assertion ${index}`, passed: true }));
    report.scenarios?.checks.at(-1)?.assertions.unshift(...many);
    const html = page(report);
    expect(html).toMatch(/<li>[^\n]*>the queue holds one failure.*201 assertions passed/s);
    expect(textOf(html)).toContain('assertion 199');
  });
});

describe('hostile content', () => {
  const hostile = `</style></pre><script>alert("1")</script><img src=x onerror='alert(2)'> & "quoted" -> \u0000\u001b[31m\ud800`;

  it('is escaped wherever a report can have text', () => {
    const kept = new Set(['status', 'kind', 'startedAt', 'contentType', 'shape', 'line', 'arrow']);
    const poison = (value: unknown, key = ''): unknown => {
      if (typeof value === 'string') return kept.has(key) ? value : hostile;
      if (Array.isArray(value)) return value.map((one) => poison(one));
      if (typeof value !== 'object' || value === null) return value;
      const names = key === 'outputs' || key === 'overrides' ? (name: string): string => name + hostile : String;
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [names(name), poison(one, name)]));
    };
    const report = runReportSchema.parse(poison({ ...failingReport(), failure: 'x' }));
    const html = renderReportPage(report, () => tinyPictures['image/png']);
    const inert = html.replaceAll(/<style>.*?<\/style>/gs, '');
    expect(inert).not.toMatch(/<script|<\/style|<img src=x/i);
    expect(inert.replaceAll(/"[^"<>]*"/g, '""')).not.toMatch(/<[^>]* onerror=/i);
    expect(html.replaceAll(/[\n\t]/g, '')).not.toMatch(/\p{Cc}|\p{Cs}/u);
    expect(html.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(60);
    expect(tagBalance(inert)).toEqual({});
  });

  it('is not embedded as a picture unless its type is allowed and matches its bytes', () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    const refused: [string, Buffer][] = [
      ['image/svg+xml', svg],
      ['image/png', svg],
      ['image/png', tinyPictures['image/gif']],
      ['image/png"><script>', tinyPictures['image/png']],
      ['IMAGE/PNG', tinyPictures['image/png']],
      ['text/html', Buffer.from('<h1>')],
      ['', Buffer.alloc(0)],
      ['image/tiff', Buffer.from('II*\0')],
      ['image/png', Buffer.alloc(0)],
    ];
    refused.forEach(([contentType, bytes]) => {
      const html = renderReportPage(withPictures([{ contentType, file: 'one' }]), () => bytes);
      expect(html).not.toContain('<img');
      expect(textOf(html)).toContain('Not shown: ');
    });
    const tiff = renderReportPage(withPictures([{ contentType: 'image/tiff', file: 'scan' }]), tinyPicture);
    expect(textOf(tiff)).toContain('Not shown: the page does not embed image/tiff. scan');
  });

  it('is subject to a policy without requests and scripts, which comes first', () => {
    const html = page(failingReport());
    const policy = html.indexOf(
      `<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; img-src data:; style-src &#39;unsafe-inline&#39;;`,
    );
    expect(policy).toBeGreaterThan(0);
    expect(policy).toBeLessThan(html.search(/<style|<link|<img/));
    expect(html).not.toMatch(/<script|(?:src|href)="(?!data:|#)|url\(|@import/);
  });
});

describe('pictures', () => {
  it('are embedded up to a total, the smallest first, and omitted ones are listed', () => {
    const bytes = (file: string): Buffer => Buffer.concat([tinyPictures['image/png'], Buffer.alloc(Number(file))]);
    const pictures = ['9000', '100', '5000'].map((file) => ({ contentType: 'image/png', file }));
    const html = renderReportPage(withPictures(pictures), bytes, 6_000);
    expect(html.match(/<img /g)).toHaveLength(2);
    expect(textOf(html)).toContain('2 pictures, 1 more left out');
    expect(textOf(html)).toContain('Not shown: the page embeds up to 6.0 kB of pictures, the smallest first. 9000');
  });

  it('that would take gigabytes of memory are not embedded', () => {
    const bomb = Buffer.from(tinyPictures['image/png']);
    bomb.writeUInt32BE(30_000, 16);
    bomb.writeUInt32BE(30_000, 20);
    const html = renderReportPage(withPictures([{ contentType: 'image/png', file: 'bomb' }]), () => bomb);
    expect(html).not.toContain('<img');
    expect(textOf(html)).toContain('30000 × 30000 pixels');
  });

  it('whose files are missing have a note in their place', () => {
    const html = renderReportPage(passingReport(), (file) => {
      throw new Error(`no such file: ${file}`);
    });
    expect(textOf(html)).toContain('cannot be read: no such file: report-pictures/chelsea.jpg');
  });

  it('show their size unless their caption has it', () => {
    const captioned = { contentType: 'image/png', file: 'one', caption: '1 x 1, 0 KiB' };
    expect(textOf(renderReportPage(withPictures([captioned]), tinyPicture))).toContain('1 x 1, 0 KiB · PNG');
    const plain = { contentType: 'image/png', file: 'one', caption: 'a dot' };
    expect(textOf(renderReportPage(withPictures([plain]), tinyPicture))).toMatch(/a dot · 1 × 1 · \d+ bytes · PNG/);
  });
});

describe('a run of several architectures', () => {
  const report = passingReport();
  const [first] = report.architectures;
  if (!first) throw new Error('the sample report has no architecture');
  const html = page({ ...report, architectures: [first, { ...first, id: 'QueueProcessor', slug: 'queue-processor' }] });

  it('links to each', () => {
    for (const slug of ['image-resize', 'queue-processor']) {
      expect(html).toContain(`href="#architecture-${slug}"`);
      expect(html).toContain(`<h2 id="architecture-${slug}">`);
    }
  });

  it('shows the checks of an architecture that it did not deploy too', () => {
    const text = textOf(page({ ...report, architectures: [] }));
    expect(text).toContain('photos come out in every size');
    expect(text).toContain('This run did not deploy it');
  });
});

function withPictures(pictures: (Partial<PictureReport> & Pick<PictureReport, 'contentType' | 'file'>)[]): RunReport {
  const report = passingReport();
  const [check] = report.scenarios?.checks ?? [];
  if (check) check.pictures = pictures.map((picture) => ({ group: 'group', title: 'title', ...picture }));
  return report;
}

/** Number of unclosed elements by name; without those of which none is. */
function tagBalance(html: string): Record<string, number> {
  const balance: Record<string, number> = {};
  for (const [tag, slash, name = ''] of html.matchAll(/<(\/?)([a-z]\w*)[^>]*>/g)) {
    if (['meta', 'link', 'img', 'wbr'].includes(name) || tag.endsWith('/>')) continue;
    balance[name] = (balance[name] ?? 0) + (slash ? -1 : 1);
  }
  return Object.fromEntries(Object.entries(balance).filter(([, count]) => count !== 0));
}

describe('the page of a run with checks that were skipped', () => {
  const report = passingReport();
  const [first, ...others] = report.scenarios?.checks ?? [];
  if (report.scenarios === undefined || first === undefined) throw new Error('the sample has no checks');
  const skipped = {
    ...first,
    status: 'skipped' as const,
    skipped: 'fault injection is not available on this target',
    variant: 'fifo',
  };
  report.scenarios = { ...report.scenarios, passed: others.length, skipped: 1, checks: [skipped, ...others] };
  report.architectures[0]?.variants.push({ name: 'fifo', overrides: { fifo: true } });
  const text = textOf(page(report));

  it('counts them apart, with the reason', () => {
    expect(text).toContain(`${others.length} passed, 0 failed, 1 skipped`);
    expect(text).toContain('Skipped: fault injection is not available on this target.');
  });

  it('names the variant of a check and its settings', () => {
    expect(text).toContain('smoke test of fifo');
    expect(text).toMatch(/Variant fifo, deployed afterwards .* fifo true/);
  });
});
