import { fork } from 'node:child_process';

export interface Fork {
  readonly env: NodeJS.ProcessEnv;
  readonly arguments?: readonly string[];
  readonly onSample?: (count: number) => void;
}

/**
 * Runs a file in a separate process and collects the samples that it sends: Node.js reads the certificates to trust when it starts.
 * Output is discarded: it is a function's log.
 *
 * @throws Error if the exit code is not 0
 */
export function forkedSamples<Sample>(file: string, options: Fork): Promise<Sample[]> {
  const samples: Sample[] = [];
  const child = fork(file, options.arguments ?? [], {
    env: options.env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('message', (sample) => {
    samples.push(sample as Sample);
    options.onSample?.(samples.length);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(samples);
      else reject(new Error(`${file} ended with exit code ${code}: see above`));
    });
  });
}
