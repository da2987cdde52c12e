import { spawn } from 'node:child_process';

export interface GitCall {
  readonly folder: string;
  readonly input?: string | Buffer;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs the machine's git without its user's and the system's configuration; returns what it prints. */
export function git(arguments_: readonly string[], { folder, input = '', environment = {} }: GitCall): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', arguments_, {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_SYSTEM: '/dev/null',
        ...environment,
      },
    });
    let output = '';
    let problem = '';
    child.stdout.on('data', (part: Buffer) => (output += part.toString()));
    child.stderr.on('data', (part: Buffer) => (problem += part.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`git ${arguments_.join(' ')}: exit code ${code ?? 'none'}: ${problem.trim()}`));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
