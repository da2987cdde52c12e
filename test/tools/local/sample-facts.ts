import type { ArchitectureReport } from '../../../tools/local/run-report';

type Fact = 'diagram' | 'faults' | 'permissions' | 'cost';
type Facts = { [Name in Fact]: NonNullable<ArchitectureReport[Name]> };

/** Facts of image-resize beside its checks, some of each kind. */
export function sampleFacts(): Facts {
  return {
    diagram: {
      width: 484,
      height: 118,
      nodes: [
        {
          id: 'Upload51C4D210',
          name: 'Upload',
          shape: 'store',
          service: 'S3',
          steps: [],
          alarms: 0,
          x: 62,
          y: 59,
          width: 124,
          height: 50,
        },
        {
          id: 'Failures8A3E1A2F',
          name: 'Failures',
          shape: 'queue',
          service: 'SQS',
          steps: [],
          alarms: 2,
          x: 414,
          y: 93,
          width: 140,
          height: 50,
        },
        {
          id: 'ResizeImage',
          name: 'ResizeImage',
          shape: 'function',
          service: 'Lambda',
          steps: [],
          alarms: 3,
          x: 232,
          y: 59,
          width: 144,
          height: 50,
        },
      ],
      edges: [
        { ...ofFailure('ResizeImage', 'Failures8A3E1A2F'), line: 'M304,72C314,74 322,76 332,78' },
        { ...ofData('Upload51C4D210', 'ResizeImage'), line: 'M124,59C134,59 142,59 148,59' },
      ],
    },
    faults: [
      proved('duplicate-delivery', 'the same thing delivered again', ['duplicates'], 'twenty times'),
      proved('near-timeout', 'too little time is left', ['test/lambda/image-resize/resize-image.test.ts']),
      proved('odd-keys', 'keys with spaces, unicode, +, %', ['odd-keys']),
      proved('throttling', 'AWS answers 429 or 503', ['throttled']),
      { ...fault('injection', 'SQL in every field'), answer: { notApplicable: 'no database' } },
      { ...fault('killed-process', 'SIGKILL in the middle'), answer: { notProvableHere: 'no proof kills it here' } },
    ],
    permissions: {
      complete: true,
      grants: [
        grant('s3:PutObject', 'Resized', 'used', 'PutObject'),
        grant('logs:PutLogEvents', 'ResizeImage/Logs', 'by the service', 'Lambda writes the log'),
        grant('s3:DeleteObject', 'Resized', 'accepted', 'a photo that is taken back while it is resized'),
        grant('s3:GetObject', '*', 'unused', 'no scenario used it'),
      ],
    },
    cost: { fixed: 0.5, variable: 12.345, usage: '1,000 photos a day' },
  };
}

function ofData(from: string, to: string) {
  return { from, to, kind: 'data' as const, arrow: 'M158,59L148,63L148,55Z' };
}

function ofFailure(from: string, to: string) {
  return { from, to, kind: 'failure' as const, arrow: 'M344,80L334,82L336,74Z' };
}

function fault(name: string, what: string) {
  return { name, term: name, explanation: what, expected: `${name}: one effect` };
}

function proved(name: string, what: string, provedBy: string[], note?: string): Facts['faults'][number] {
  return { ...fault(name, what), answer: { provedBy, ...(note !== undefined && { note }) } };
}

function grant(
  action: string,
  on: string,
  status: Facts['permissions']['grants'][number]['status'],
  because: string,
): Facts['permissions']['grants'][number] {
  return { role: 'ResizeImage', action, on, status, because };
}
