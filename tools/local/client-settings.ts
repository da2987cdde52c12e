import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { region } from './connection';

/** Settings with which an AWS SDK client of this process connects to the emulator: as root, or with the session of a role. */
export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly requestHandler: { readonly httpsAgent: Agent; readonly requestTimeout: number };
}

/** @param certificate file of the emulator's certificate; NODE_EXTRA_CA_CERTS is read when Node starts, which is too early here */
export function clientSettings(endpoint: string, certificate: string): ClientSettings {
  return {
    endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: { httpsAgent: new Agent({ ca: readFileSync(certificate) }), requestTimeout: 10_000 },
  };
}
