/** Process of the EC2 proxy, which outlives the run with `--keep`. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { account } from '../connection';
import { callerPermissions } from './caller-permissions';
import { startEc2Proxy } from './ec2-proxy';

const optionsSchema = z.object({
  port: z.int(),
  endpoint: z.string(),
  certificate: z.string(),
  key: z.string(),
  callers: z.string(),
});

/** Long enough that a caller which does not wait fails, short enough for a test. */
const transitionMilliseconds = 700;

const options = optionsSchema.parse(JSON.parse(process.argv[2] ?? ''));
const upstream = {
  endpoint: options.endpoint,
  certificate: readFileSync(options.certificate, 'utf8'),
  key: readFileSync(options.key, 'utf8'),
};
const isAllowed = callerPermissions(options.endpoint, options.certificate, options.callers);
void startEc2Proxy(upstream, options.port, { account, isAllowed, transitionMilliseconds });
