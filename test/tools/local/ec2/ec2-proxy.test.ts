import { DescribeVolumesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { issueCertificate } from '../../../../tools/local/certificate';
import { startEc2Proxy } from '../../../../tools/local/ec2/ec2-proxy';
import { setEc2Conditions } from '../../../../tools/local/ec2/local-ec2';
import { freePort } from '../../../../tools/local/ports';

const tls = issueCertificate(new Date());
const received: { authorization: string | undefined; body: string }[] = [];
let emulator: Server;
let proxy: Server;
let endpoint: string;

beforeAll(async () => {
  emulator = createServer({ cert: tls.certificate, key: tls.key }, (request, response) => {
    void text(request).then((body) => {
      received.push({ authorization: request.headers.authorization, body });
      response
        .writeHead(200)
        .end(
          body.includes('DescribeVolumes')
            ? '<R><volumeSet><item><volumeId>vol-1</volumeId><attachmentSet/></item></volumeSet></R>'
            : '<R><imagesSet><item><imageId>ami-01234567</imageId></item></imagesSet></R>',
        );
    });
  });
  await new Promise<void>((resolve) => emulator.listen(0, '127.0.0.1', resolve));
  const upstream = { endpoint: `https://127.0.0.1:${(emulator.address() as AddressInfo).port}`, ...tls };
  const port = await freePort();
  const options = { account: '000000000000', isAllowed: () => Promise.resolve(true), transitionMilliseconds: 1 };
  proxy = await startEc2Proxy(upstream, port, options);
  endpoint = `https://127.0.0.1:${port}`;
});
afterAll(() => {
  for (const server of [proxy, emulator]) {
    server.close();
    server.closeAllConnections();
  }
});

const client = (): EC2Client =>
  new EC2Client({
    ...{ endpoint, region: 'us-east-1', maxAttempts: 1 },
    credentials: { accessKeyId: 'ASIAFUNCTION', secretAccessKey: 'secret' },
    requestHandler: { httpsAgent: new Agent({ ca: tls.certificate }) },
  });

it("forwards a request with the caller's signature and returns the emulator's answer", async () => {
  const { Volumes } = await client().send(new DescribeVolumesCommand({}));
  expect(Volumes).toEqual([{ VolumeId: 'vol-1', Attachments: [] }]);
  expect(received.at(-1)?.authorization).toContain('Credential=ASIAFUNCTION/');
});

it('refuses a launch where the run has taken the capacity away', async () => {
  await setEc2Conditions(endpoint, tls.certificate, { noCapacity: ['t3.micro'] });
  const launch = new RunInstancesCommand({
    ...{ ImageId: 'ami-01234567', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 },
  });
  await expect(client().send(launch)).rejects.toMatchObject({ name: 'InsufficientInstanceCapacity' });
});
