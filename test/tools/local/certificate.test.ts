import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCertificate, issueCertificate } from '../../../tools/local/certificate';

const now = new Date();

test('a server with the certificate is trusted by a client that knows the certificate, and by no other', async () => {
  const { certificate, key } = issueCertificate(now);
  const server = createServer({ cert: certificate, key }, (_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const ask = (ca?: string) =>
    new Promise<string>((resolve) => {
      get({ host: '127.0.0.1', port, ...(ca === undefined ? {} : { ca }), agent: false }, (response) => {
        response.resume();
        resolve(String(response.statusCode));
      }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    });
  const answers = [await ask(certificate), await ask()];
  server.close();
  expect(answers).toEqual(['200', 'DEPTH_ZERO_SELF_SIGNED_CERT']);
});

test('the certificate is for 127.0.0.1, is no authority and belongs to its key', () => {
  const issued = issueCertificate(now);
  const certificate = new X509Certificate(issued.certificate);
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.ca).toBe(false);
  expect(certificate.checkPrivateKey(createPrivateKey(issued.key))).toBe(true);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
});

test('many serial numbers and signatures are all well formed', () => {
  for (let index = 0; index < 50; index += 1) {
    const certificate = new X509Certificate(issueCertificate(now).certificate);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  }
});

describe('a certificate on disk', () => {
  const files = () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'tls-')), 'tls');
    return { certificate: join(folder, 'server.crt'), key: join(folder, 'server.key') };
  };

  test('is kept while it is good', () => {
    const there = files();
    ensureCertificate(there, now);
    const first = readFileSync(there.certificate, 'utf8');
    ensureCertificate(there, now);
    expect(readFileSync(there.certificate, 'utf8')).toBe(first);
  });

  test.each([
    ['is about to end', (_file: string) => new Date(now.getTime() + 360 * 86_400_000)],
    ['is no certificate', (file: string) => (writeFileSync(file, 'rubbish'), now)],
  ])('is replaced when it %s', (_what, spoil) => {
    const there = files();
    ensureCertificate(there, now);
    const first = readFileSync(there.certificate, 'utf8');
    ensureCertificate(there, spoil(there.certificate));
    expect(readFileSync(there.certificate, 'utf8')).not.toBe(first);
    expect(new X509Certificate(readFileSync(there.certificate)).checkIP('127.0.0.1')).toBe('127.0.0.1');
  });
});
