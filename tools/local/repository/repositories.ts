import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './git';

export interface NewCommit {
  readonly branch: string;
  readonly parent?: string;
  readonly files: readonly { readonly path: string; readonly content: Buffer }[];
  readonly author: string;
  readonly email: string;
  readonly message: string;
}

/** Bare repositories of the machine's git, one folder each, made when they are first used. */
export class Repositories {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly folder: string) {}

  async heads(name: string): Promise<ReadonlyMap<string, string>> {
    const folder = await this.open(name);
    const lines = await git(['for-each-ref', '--format=%(objectname) %(refname:lstrip=2)', 'refs/heads/'], { folder });
    return new Map(
      lines
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => [line.slice(41), line.slice(0, 40)]),
    );
  }

  /** Parents of a commit, or undefined if there is no such commit. */
  async parents(name: string, commit: string): Promise<string[] | undefined> {
    const folder = await this.open(name);
    const parents = await git(['rev-list', '--parents', '--max-count=1', commit, '--'], { folder }).catch(
      () => undefined,
    );
    return parents?.trim().split(' ').slice(1);
  }

  /** Writes the files of a commit into a folder. */
  async checkOut(name: string, commit: string, target: string): Promise<void> {
    const folder = await this.open(name);
    mkdirSync(target, { recursive: true });
    const environment = { GIT_INDEX_FILE: join(target, '..', 'index') };
    await git([`--work-tree=${target}`, 'checkout', '--force', commit, '--', '.'], { folder, environment });
  }

  /** Adds a commit to a branch, in turn with others. */
  commit(name: string, commit: NewCommit): Promise<string> {
    const done = this.turn.then(() => this.commitNow(name, commit));
    this.turn = done.catch(() => undefined);
    return done;
  }

  /** Lets a branch point to a commit that the repository has. */
  async branch(name: string, branch: string, commit: string): Promise<void> {
    await git(['update-ref', `refs/heads/${branch}`, commit], { folder: await this.open(name) });
  }

  private async commitNow(name: string, { branch, parent, files, author, email, message }: NewCommit): Promise<string> {
    const folder = await this.open(name);
    const environment = {
      GIT_INDEX_FILE: join(folder, 'new-index'),
      GIT_AUTHOR_NAME: author,
      GIT_AUTHOR_EMAIL: email,
      GIT_COMMITTER_NAME: author,
      GIT_COMMITTER_EMAIL: email,
    };
    const run = async (input: string | Buffer, ...arguments_: string[]): Promise<string> =>
      (await git(arguments_, { folder, input, environment })).trim();
    await (parent === undefined ? run('', 'read-tree', '--empty') : run('', 'read-tree', parent));
    for (const { path, content } of files) {
      const blob = await run(content, 'hash-object', '-w', '--stdin');
      await run(`100644 ${blob}\t${path}\0`, 'update-index', '-z', '--index-info');
    }
    const tree = await run('', 'write-tree');
    const commit = await run(message, 'commit-tree', tree, ...(parent === undefined ? [] : ['-p', parent]));
    await run('', 'update-ref', `refs/heads/${branch}`, commit);
    return commit;
  }

  private async open(name: string): Promise<string> {
    // https://docs.aws.amazon.com/codecommit/latest/APIReference/API_CreateRepository.html
    if (!/^[\w.-]{1,100}$/.test(name) || name.startsWith('.')) throw new Error(`'${name}' is no name of a repository`);
    const folder = join(this.folder, `${name}.git`);
    if (existsSync(folder)) return folder;
    mkdirSync(folder, { recursive: true });
    await git(['init', '--bare', '--quiet', '--initial-branch=main'], { folder });
    return folder;
  }
}
