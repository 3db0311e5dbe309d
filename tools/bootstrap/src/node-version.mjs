import { Failure } from './failure.mjs';

const MINIMUM = [20, 19];

export function checkNodeVersion(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantMajor, wantMinor] = MINIMUM;
  if (major > wantMajor || (major === wantMajor && minor >= wantMinor)) return;
  throw new Failure(
    `Node.js ${version} is too old: redlane needs ${MINIMUM.join('.')} or later.`,
    'Install a current Node.js, for example with your version manager or from nodejs.org.',
  );
}
