import type { RunReport } from '../../../tools/local/run-report';
import type { CheckReport, PictureReport } from '../../../tools/scenario-runner/scenario-report';
import { sampleFacts } from './sample-facts';

/** A report as a good local run of image-resize writes it. */
export function passingReport(): RunReport {
  const checks = [smokeTest(), duplicateProof()];
  return {
    startedAt: '2026-11-21T09:05:07.000Z',
    seconds: 47.9,
    status: 'passed',
    machine: { cores: 2, memoryGigabytes: 8, platform: 'linux x64', node: '24.9.0', python: '3.11.2' },
    emulator: { name: 'MiniStack', version: '1.5.33' },
    functions: [
      {
        slug: 'image-resize',
        function: 'ResizeImage',
        invocations: 24,
        errors: 0,
        throttles: 2,
        coldStarts: 3,
        medianMilliseconds: 412,
        p99Milliseconds: 2_310,
        maxMemoryMegabytes: 318,
      },
    ],
    phases: [
      { title: 'install the emulator', start: 0, seconds: 9.8 },
      { title: 'synthesize', start: 0, seconds: 4.1 },
      { title: 'localize', start: 9.8, seconds: 0.42 },
      { title: 'start the emulator', start: 9.8, seconds: 1.3 },
      { title: 'bootstrap', start: 11.1, seconds: 2.2 },
      { title: 'deploy', start: 13.9, seconds: 6.9 },
      { title: 'run the scenarios', start: 20.8, seconds: 22.1 },
      { title: 'tear down', start: 42.9, seconds: 1.08 },
    ],
    architectures: [
      {
        id: 'ImageResize',
        slug: 'image-resize',
        flow: 'photo -> Upload bucket -> ResizeImage -> Resized bucket',
        outputs: {
          UploadBucketName: 'imageresize-upload8f2e1c9a-k3v9x0q2m1ab',
          ResizedBucketName: 'imageresize-resizede46a7bdf-p8w2z5c7d4ef',
          ResizeImageFunctionName: 'ImageResize-ResizeImage4D7AC0E2-Jq8dVt3Xn0Lp',
          FailuresQueueUrl: 'https://127.0.0.1:41873/000000000000/ImageResize-FailuresA1B2C3D4-Zk2v9fXq',
          AlarmTopicArn: 'arn:aws:sns:us-east-1:000000000000:ImageResize-AlarmTopic5F6E7D8C-Rt5y7uIo',
        },
        overrides: { maximumEventAgeSeconds: 120, output: { cacheControl: 'no-store' } },
        variants: [],
        limits: [
          {
            topic: 'asynchronous invocations',
            sentence: 'Retries come after one and two seconds instead of one and two minutes.',
          },
          {
            topic: 'tracing',
            sentence: 'Nothing collects X-Ray traces: the template alone proves that tracing is on.',
          },
          { topic: 'access logs', sentence: 'Server access logs are not written.' },
        ],
        ...sampleFacts(),
      },
    ],
    rules: [
      {
        name: 'runtime-client',
        reason: 'the own Node worker of the emulator calls every error Runtime.HandlerError',
        touched: ['ImageResize/ResizeImage4D7AC0E2'],
      },
      {
        name: 'bootstrap-roles',
        reason: "the bootstrap roles' conditions name aws:ResourceAccount, which the emulator does not resolve",
        touched: ['ImageResize', 'ImageResize.assets'],
      },
      {
        name: 'new-hashes',
        reason: 'the CLI never uploads an asset whose key exists, so one that was changed needs another key',
        touched: ['ImageResize.template', 'asset.1', 'asset.2', 'asset.3', 'asset.4'],
      },
      { name: 'layers', reason: 'layers are not mounted', touched: [] },
    ],
    scenarios: {
      target: 'https://127.0.0.1:41873',
      startedAt: '2026-11-21T09:05:31.000Z',
      seconds: 22.1,
      seed: 3_141_592_653,
      passed: checks.length,
      failed: 0,
      skipped: 0,
      checks,
    },
  };
}

/** The same run with a proof that failed, two steps deep. */
export function failingReport(): RunReport {
  const report = passingReport();
  const checks = [smokeTest(), duplicateProof(), failedProof()];
  return {
    ...report,
    status: 'failed',
    ...(report.scenarios && { scenarios: { ...report.scenarios, failed: 1, checks } }),
  };
}

/** A run that ended before it had anything to prove. */
export function undeployedReport(): RunReport {
  const { scenarios: _scenarios, ...report } = passingReport();
  return {
    ...report,
    status: 'failed',
    architectures: report.architectures.map((architecture) => ({ ...architecture, outputs: {} })),
    failure: [
      'cdk deploy exited with 1',
      '',
      '\u001b[31mImageResize failed\u001b[39m: ToolkitError: ImageResize: creation failed',
      '  UPDATE_FAILED | AWS::S3::Bucket | Resized/Resource: bucket policy names a principal that does not exist',
    ].join('\n'),
  };
}

function smokeTest(): CheckReport {
  return {
    slug: 'image-resize',
    kind: 'smoke-test',
    name: 'smoke-test',
    title: 'photos come out in every size: upright, in their colors, without metadata',
    status: 'passed',
    start: 20.9,
    seconds: 14.23,
    steps: [
      { title: 'gather the photos', depth: 0, status: 'passed', seconds: 1.92 },
      { title: 'upload 4 photos', depth: 0, status: 'passed', seconds: 0.31 },
      { title: 'wait for their manifests', depth: 0, status: 'passed', seconds: 6.4 },
      { title: 'check every variant', depth: 0, status: 'passed', seconds: 5.1 },
      { title: 'read the pictures of chelsea.jpg', depth: 1, status: 'passed', seconds: 0.84 },
      { title: 'compare its corners', depth: 2, status: 'passed', seconds: 0.012 },
      { title: 'clean up: delete the objects', depth: 0, status: 'passed', seconds: 0.5 },
    ],
    assertions: [
      { assertion: 'chelsea.jpg: the manifest names 4 variants', passed: true },
      { assertion: 'chelsea.jpg: no variant is larger than its source', passed: true, got: '451 x 300' },
      { assertion: 'phone.jpg: no variant carries metadata', passed: true, got: 'no EXIF, no XMP, no IPTC' },
      { assertion: 'animated.gif: six frames with their delays', passed: true, got: '100, 200, 100, 300, 100, 200 ms' },
    ],
    metrics: [
      { name: 'last manifest after the last upload', value: 6.4, unit: 's' },
      { name: 'bytes in', value: 1_284_330 },
      { name: 'slowest photo', value: 'hubble-deep-field.jpg' },
    ],
    pictures: [
      ...group('a cat', 'chelsea.jpg', 'image/jpeg'),
      ...group('transparent PNG', 'transparent.png', 'image/png'),
      ...group('animated GIF of 6 frames', 'animated.gif', 'image/gif'),
      ...group('EXIF orientation 6', 'orientation-6.jpg', 'image/jpeg'),
    ],
  };
}

function group(title: string, name: string, contentType: string): PictureReport[] {
  const folder = 'report-pictures';
  const variants = ['thumbnail', 'medium', 'preview'].map((variant) => ({
    group: title,
    title: variant,
    contentType: 'image/webp',
    file: `${folder}/${name}-${variant}.webp`,
  }));
  return [{ group: title, title: name, contentType, caption: 'as uploaded', file: `${folder}/${name}` }, ...variants];
}

function duplicateProof(): CheckReport {
  return {
    slug: 'image-resize',
    kind: 'proof',
    name: 'duplicates',
    title: 'an event that comes again, or late, writes nothing',
    status: 'passed',
    start: 35.2,
    seconds: 3.9,
    steps: [{ title: 'send the event of chelsea.jpg 20 times', depth: 0, status: 'passed', seconds: 3.6 }],
    assertions: [{ assertion: 'each output has one version', passed: true, got: '5 of 5' }],
    metrics: [{ name: 'repeated events', value: 20 }],
    pictures: [],
  };
}

function failedProof(): CheckReport {
  const message = 'AssertionError: the queue holds one failure (it holds 0 after 180 s)';
  return {
    slug: 'image-resize',
    kind: 'proof',
    name: 'throttled',
    title: 'an event that fails three times ends in the Failures queue',
    status: 'failed',
    start: 39.2,
    seconds: 191.4,
    error: {
      message,
      stack: `${message}\n    at RecordedRun.holds (tools/scenario-runner/recorded-run.ts:84:26)\n    at async throttled (scenarios/image-resize/failures-proof.ts:31:5)`,
    },
    steps: [
      { title: 'take the right to write away', depth: 0, status: 'passed', seconds: 0.2 },
      { title: 'wait for the failure', depth: 0, status: 'failed', seconds: 180.4, error: message },
      { title: 'poll the Failures queue', depth: 1, status: 'failed', seconds: 180.3, error: message },
      { title: 'clean up: give the right back', depth: 0, status: 'passed', seconds: 0.15 },
    ],
    assertions: [
      { assertion: 'the function was tried three times', passed: true, got: '3 attempts' },
      { assertion: 'the queue holds one failure', passed: false, got: 'it holds 0 after 180 s' },
    ],
    metrics: [{ name: 'attempts', value: 3 }],
    pictures: [],
  };
}
