import { spawn } from 'node:child_process';
import { Failure } from './failure.mjs';

const running = new Set();

// A signal to this process ends what it started as well; the exit status then says which signal it was.
for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]) {
  process.on(signal, () => {
    for (const child of running) child.kill(signal);
    if (running.size === 0) process.exit(status);
    process.exitCode = status;
    setTimeout(() => process.exit(status), 10_000).unref();
  });
}

/** Runs a command to its end. `show`: `all` passes its output through, `failure` prints it only when it fails. */
export function run(command, args, { cwd, env, show = 'failure' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: show === 'all' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    child.on('error', (cause) => {
      running.delete(child);
      reject(new Failure(`cannot run ${command}: ${cause.message}`, undefined, { cause }));
    });
    child.on('close', (status, signal) => {
      running.delete(child);
      resolve({ ok: status === 0, status, signal, output: Buffer.concat(output).toString() });
    });
  });
}
