import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** Machine and time of a measurement. */
export interface Machine {
  /** Day in ISO 8601. */
  readonly date: string;
  readonly commit: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** Load average over the last minute. */
  readonly load: number;
}

/** This machine, now. */
export function describeMachine(root: string, now: Date): Machine {
  const [load = Number.NaN] = loadavg();
  return {
    date: now.toISOString().slice(0, 10),
    commit: commitOf(root),
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${distribution() ?? platform()}, kernel ${release()}, ${arch()}`,
    node: process.versions.node,
    load,
  };
}

/** One line with machine, time, versions, load before, and duration. */
export function machineLine(machine: Machine, seconds: number, versions: Readonly<Record<string, string>>): string {
  const { date, commit, processor, cores, memoryBytes, system, node, load } = machine;
  const memory = `${(memoryBytes / 1024 ** 3).toFixed(1)} GiB`;
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const place = `${date}, commit ${commit}; ${processor}, ${cores} cores, ${memory}; ${system}`;
  const busy = `load ${load.toFixed(1)} before`;
  return `_${place}; ${[`Node ${node}`, ...peers].join(', ')}; ${busy}, took ${Math.round(seconds)} s._`;
}

/** Commit of the checkout, `with changes` if files other than the results differ from it. */
function commitOf(root: string): string {
  const git = (...options: readonly string[]): string =>
    execFileSync('git', options, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const changed = git('status', '--porcelain', '--', '.', ':(exclude)tools/bench/results.md') !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes' : ''}`;
  } catch {
    return 'unknown (no Git checkout)';
  }
}

function distribution(): string | undefined {
  const file = '/etc/os-release';
  return existsSync(file) ? /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
}
