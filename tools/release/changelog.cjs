/** The words of a changeset as they are: hashes of commits tell a reader nothing. */
async function getReleaseLine({ summary }) {
  const [first, ...others] = summary.trim().split('\n');
  return [`- ${first}`, ...others.map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
}

/** For a package that is released only because a dependency has left its range. */
async function getDependencyReleaseLine(_changesets, dependencies) {
  return dependencies.map(({ name, newVersion }) => `- Needs \`${name}\` ${newVersion}.`).join('\n');
}

module.exports = { getReleaseLine, getDependencyReleaseLine };
